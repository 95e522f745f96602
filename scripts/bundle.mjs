// Bundles the command line into a folder: dist/cli for `npm run build`, or another one that is
// named, for tests that want the real program from today's sources.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

// Names stay, for the stack in a bug report; shortening them made no measurable difference.
const compact = {
  platform: 'node',
  target: 'node20',
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
};

export async function bundle(outdir) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { outputFiles } = await build({
    ...compact,
    absWorkingDir: root,
    entryPoints: ['src/cli/main.ts'],
    outdir,
    bundle: true,
    format: 'esm',
    // What is imported lazily (the engine, ora, the XML parser) becomes a file of its own.
    splitting: true,
    chunkNames: '[name]-[hash]',
    define: { SMTP_FIND_VERSION: JSON.stringify(version) },
    logLevel: 'warning',
    write: false,
  });
  mkdirSync(outdir, { recursive: true });
  for (const { path, text } of outputFiles) writeFileSync(path, await asCommonJs(text));
  // For Node, whatever the package around it says.
  writeFileSync(join(outdir, 'package.json'), '{ "type": "commonjs" }\n');
}

/**
 * Node starts CommonJS much sooner: it neither sets up its loader of modules, nor fills in all that
 * its own modules export (`node:crypto` alone loads WebCrypto for that). esbuild splits modules
 * only, so that each file is turned when it is done.
 */
async function asCommonJs(text) {
  const supported = { 'dynamic-import': false };
  const { code } = await transform(text, { ...compact, format: 'cjs', supported });
  return code;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await bundle(resolve(process.argv[2] ?? join(root, 'dist', 'cli')));
}
