// Bundles the command line into a folder: dist/cli for `npm run build`, or another one that is
// named, for tests that want the real program from today's sources.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

export async function bundle(outdir) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  await build({
    absWorkingDir: root,
    entryPoints: ['src/cli/main.ts'],
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    // What is imported lazily (the engine, ora, the XML parser) becomes a file of its own.
    splitting: true,
    chunkNames: '[name]-[hash]',
    // Names stay, for the stack in a bug report; shortening them made no measurable difference.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    define: { SMTP_FIND_VERSION: JSON.stringify(version) },
    // commander and dns-packet are CommonJS and require Node's own modules.
    banner: {
      js: "import { createRequire as createRequireForCommonJs } from 'node:module'; const require = createRequireForCommonJs(import.meta.url);",
    },
    logLevel: 'warning',
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const outdir = resolve(process.argv[2] ?? join(root, 'dist', 'cli'));
  await bundle(outdir);
  // Outside of the package nothing else says that these are modules.
  if (process.argv[2]) writeFileSync(join(outdir, 'package.json'), '{"type":"module"}\n');
}
