/** The TypeScript in the documents: it has the right types, and runs. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blocksOf, documents } from './blocks.ts';
import { createDocsWorld, type DocsWorld } from './world.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
const folder = mkdtempSync(join(tmpdir(), 'smtp-find-docs-'));

/** What each block prints, by its first line that is no import. */
const PRINTED = [
  'smtp.example.com 465 tls\nalice@example.com verified\nbob@example.org verified\nverified starttls\n',
];

const blocks = documents.flatMap(blocksOf).filter(({ language }) => language === 'ts');

let world: DocsWorld;
beforeAll(async () => {
  world = await createDocsWorld();
  // For the types, the package as it is; to run it, the same in the lab.
  mkdirSync(join(folder, 'typed', 'node_modules'), { recursive: true });
  symlinkSync(root, join(folder, 'typed', 'node_modules', 'smtp-find'));
  symlinkSync(
    join(root, 'node_modules', '@types'),
    join(folder, 'typed', 'node_modules', '@types'),
  );
  writeFileSync(join(folder, 'typed', 'package.json'), '{"type":"module"}');
  const inLab = join(folder, 'run', 'node_modules', 'smtp-find');
  mkdirSync(inLab, { recursive: true });
  writeFileSync(
    join(inLab, 'package.json'),
    '{"name":"smtp-find","type":"module","exports":"./index.js"}',
  );
  const real = new URL('../../dist/lib/index.js', import.meta.url).href;
  writeFileSync(
    join(inLab, 'index.js'),
    `import * as real from ${JSON.stringify(real)};
export * from ${JSON.stringify(real)};
const lab = ${JSON.stringify(world.options)};
export const findSmtp = (input, options) => real.findSmtp(input, { ...lab, ...options });
export const createSession = (options) => real.createSession({ ...lab, ...options });
`,
  );
});
afterAll(async () => {
  await world.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('TypeScript in the documents', () => {
  it.each(blocks)('has the right types at $place', async ({ text }) => {
    writeFileSync(join(folder, 'typed', 'example.ts'), text);
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023'];
    const tsc = [join(typescript, 'bin', 'tsc'), ...options, '--types', 'node', 'example.ts'];
    expect(await node(tsc, join(folder, 'typed'))).toEqual({ code: 0, output: '' });
  });

  it.each(blocks.map(({ text }, i) => ({ text, printed: PRINTED[i] })))(
    'prints $printed',
    async ({ text, printed }) => {
      const { code } = await transform(text, { loader: 'ts', format: 'esm' });
      writeFileSync(join(folder, 'run', 'example.mjs'), code);
      const ended = await node(['example.mjs'], join(folder, 'run'));
      expect(ended).toEqual({ code: 0, output: printed });
    },
  );
});

/** Not synchronous: the lab answers in this very process. */
function node(
  args: readonly string[],
  cwd: string,
): Promise<{ code: number | null; output: string }> {
  const env = { PATH: process.env.PATH, HOME: folder };
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}
