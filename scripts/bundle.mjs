// Bundles the command line: into a folder, dist/cli for `npm run build` or another one that is named,
// for tests that want the real program from today's sources; or into one file.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
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

// Node starts CommonJS much sooner: it neither sets up its loader of modules, nor fills in all that
// its own modules export (`node:crypto` alone loads WebCrypto for that).
const commonJs = { format: 'cjs', supported: { 'dynamic-import': false } };

/** Into several files: what is imported lazily (the engine, ora, the XML parser) is one of its own. */
export async function bundle(outdir) {
  const files = await bundled({
    outdir,
    format: 'esm',
    splitting: true,
    chunkNames: '[name]-[hash]',
  });
  mkdirSync(outdir, { recursive: true });
  // esbuild splits modules only, so that each file is turned when it is done.
  for (const { path, text } of files.outputFiles) {
    const { code } = await transform(text, { ...compact, ...commonJs });
    writeFileSync(path, code);
  }
  // For Node, whatever the package around it says.
  writeFileSync(join(outdir, 'package.json'), '{ "type": "commonjs" }\n');
  writeFileSync(join(outdir, 'LICENSES.txt'), licensesOf(files.metafile));
}

/** Into one file that imports nothing but what Node has. */
export async function bundleSingle(outfile) {
  const { outputFiles, metafile } = await bundled({ outfile, ...commonJs });
  for (const { path, text } of outputFiles) writeFileSync(path, text);
  return licensesOf(metafile);
}

function bundled(options) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return build({
    ...compact,
    absWorkingDir: root,
    entryPoints: ['src/cli/main.ts'],
    bundle: true,
    define: { SMTP_FIND_VERSION: JSON.stringify(version) },
    logLevel: 'warning',
    metafile: true,
    write: false,
    ...options,
  });
}

/** Those of the packages that went in, which ask for it. */
function licensesOf({ inputs }) {
  const folders = Object.keys(inputs).flatMap(
    (path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? [],
  );
  return [...new Set(folders)].sort().map(licenseOf).join('\n');
}

function licenseOf(folder) {
  const where = join(root, folder);
  const { name, version, license } = JSON.parse(readFileSync(join(where, 'package.json'), 'utf8'));
  const file = readdirSync(where).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? '' : readFileSync(join(where, file), 'utf8');
  return `== ${name} ${version} (${license})\n\n${text.trim()}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await bundle(resolve(process.argv[2] ?? join(root, 'dist', 'cli')));
}
