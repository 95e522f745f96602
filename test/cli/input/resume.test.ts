import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readEarlier } from '../../../src/cli/input/resume.ts';
import type { Report } from '../../../src/report/report.ts';
import { loginRefused, loginTemporary } from '../../render/samples.ts';
import { runFake } from '../fake-io.ts';

const noChecks = { required: [], expected: [] };

const folder = mkdtempSync(join(tmpdir(), 'smtp-find-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

function file(text: string): string {
  const path = join(folder, `${++files}.ndjson`);
  writeFileSync(path, text);
  return path;
}

const queries = ['a.example', 'bad one', 'b.example', 'a.example', 'nowhere.example', 'c.example'];
const stdin = queries.map((query) => `${query}\n`).join('');

/** A run whose output is appended to the file it resumes, as with `>>`. */
async function resume(path: string, args: readonly string[] = []) {
  const outcome = await runFake(['--json', '--resume', path, ...args], { stdin, stdoutFile: path });
  appendFileSync(path, outcome.stdout);
  return outcome;
}

function answered(path: string): string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { query: string }).query);
}

describe('--resume', () => {
  it('asks everything when nothing is there yet, and nothing when all of it is', async () => {
    const path = file('');
    const first = await resume(path);
    expect(answered(path)).toEqual(queries);
    const second = await resume(path);
    expect(second).toMatchObject({ code: first.code, stdout: '', stderr: '', finds: [] });
    expect(first.code).toBe(2);
  });

  it.each([0, 1, 2, 3, 4, 5, 6])('goes on after %i answers', async (count) => {
    const { stdout } = await runFake(['--json'], { stdin });
    const lines = stdout.split('\n').slice(0, count);
    const path = file(lines.map((line) => `${line}\n`).join(''));
    const { code } = await resume(path);
    expect(answered(path)).toEqual(queries);
    expect(code).toBe(2);
  });

  it('remembers what became of a login', async () => {
    const line = (report: object): string => `${JSON.stringify(report)}\n`;
    expect(
      (await readEarlier(file(line(loginTemporary)), { probing: true, checks: noChecks })).exitCode,
    ).toBe(3);
    const both = file(
      line(loginTemporary) + line(loginRefused) + line({ ...loginRefused, login: 5 }),
    );
    expect((await readEarlier(both, { probing: true, checks: noChecks })).exitCode).toBe(4);
  });

  it('holds earlier answers, too, against what is required and expected', async () => {
    const { stdout } = await runFake(['--json'], { stdin: 'a@verified.example\n' });
    const path = file(stdout);
    for (const [check, code] of [
      ['--require=verified', 0],
      ['--require=starttls', 3],
      ['--expect=port=587', 3],
    ] as const) {
      const again = await runFake(['--json', check, '--resume', path], {
        stdin: 'a@verified.example\n',
      });
      expect([check, again.code, again.stdout]).toEqual([check, code, '']);
    }
  });

  it.each([10, 300, -2, -1])('cuts off a last line that was cut at byte %i', async (at) => {
    const { stdout } = await runFake(['--json'], { stdin });
    const [first = '', second = ''] = stdout.split('\n');
    const path = file(`${first}\n${second.slice(0, at)}`);
    await resume(path);
    expect(answered(path)).toEqual(queries);
  });

  it('keeps a last line that only lacks its end', async () => {
    const { stdout } = await runFake(['--json'], { stdin });
    const [first = '', second = ''] = stdout.split('\n');
    const path = file(`${first}\n${second}`);
    const { stdout: more } = await resume(path);
    expect(more.startsWith('\n')).toBe(true);
    expect(answered(path)).toEqual(queries);
  });

  it('knows answers in any order, one for each occurrence of a query', async () => {
    const { stdout } = await runFake(['--json'], { stdin });
    const lines = stdout.split('\n');
    const path = file(`${lines[5]}\n${lines[0]}\n`);
    await resume(path);
    expect(answered(path)).toEqual(['c.example', 'a.example', ...queries.slice(1, 5)]);
  });

  it('knows queries however they were written', async () => {
    const list = [
      '# a list',
      'Jane <j@x.example>',
      'mailto:a@x.example?subject=x',
      'b@y.example, <c@z.example>; d.example',
      '"Doe, E" <e@x.example>,',
      'https://x.example/',
      'a@x.example,Name,other',
    ].join('\n');
    const { stdout } = await runFake(['--json'], { stdin: list });
    const again = await runFake(['--json', '--resume', file(stdout)], { stdin: list });
    expect(stdout.split('\n')).toHaveLength(9);
    expect([again.stdout, again.finds]).toEqual(['', []]);
    // As input, our own output holds the same queries.
    const same = await runFake(['--json', '--resume', file(stdout)], { stdin: stdout });
    expect([same.stdout, same.finds]).toEqual(['', []]);
  });

  it('asks again what was answered without a network', async () => {
    const offline = await runFake(['--json'], { stdin: 'offline.example\nb.example\n' });
    const path = file(offline.stdout);
    const { finds } = await runFake(['--json', '--resume', path], {
      stdin: 'offline.example\nb.example\n',
    });
    expect(finds.map(({ input }) => input)).toEqual(['offline.example']);
  });

  it('does not touch the file when the output goes elsewhere', async () => {
    const path = file('{"version":1,"que');
    const { stdout } = await runFake(['--json', '--resume', path], { stdin });
    expect(readFileSync(path, 'utf8')).toBe('{"version":1,"que');
    expect(stdout.startsWith('{')).toBe(true);
  });

  it('exits with the worst code of all, the earlier answers included', async () => {
    const { stdout } = await runFake(['--json'], { stdin: 'nowhere.example\n' });
    const { code } = await runFake(['--json', '--resume', file(stdout)], {
      stdin: 'nowhere.example\na.example\n',
    });
    expect(code).toBe(1);
  });

  it.each([
    { settings: { evidence: [null] } },
    { settings: { evidence: [1] } },
    { settings: { auth: [null] } },
    { settings: { auth: {} } },
    { settings: { tls: { certificate: { validTo: 5 } } } },
    { settings: { tls: { certificate: 'x' } } },
    { settings: 5 },
    { provider: { id: 5 } },
    { provider: [] },
    { warnings: [null] },
    { warnings: [5] },
    { warnings: [{}] },
    { email: 5 },
    { status: null },
  ])('says so of a result that was changed: %j', async (change) => {
    const { stdout } = await runFake(['--json', 'a.example', '--all']);
    const report = JSON.parse(stdout) as Report;
    const { settings, ...others } = change;
    const changed = {
      ...report,
      ...others,
      ...(settings !== undefined && {
        settings: typeof settings === 'object' ? { ...report.settings, ...settings } : settings,
      }),
    };
    const conditions = 'secure,published,no-warnings,auth=PLAIN,provider=x,certificate-days=1';
    const { code, stderr } = await runFake(
      ['--json', '--resume', file(`${JSON.stringify(changed)}\n`), '--require', conditions],
      { stdin: 'b.example\n' },
    );
    expect([code, stderr]).toEqual([2, expect.stringContaining('line 1 is no result')]);
  });

  it.each([
    ['something else', 'hello\n', 'line 1 is no result of smtp-find --json'],
    ['other JSON', '{"a":1}\n', 'line 1 is no result of smtp-find --json'],
  ])('refuses a file with %s', async (_, text, message) => {
    const { code, stdout, stderr } = await runFake(['--json', '--resume', file(text)], { stdin });
    expect(stderr).toContain(message);
    expect([code, stdout]).toEqual([2, '']);
  });

  it('wants a file that is there, and JSON', async () => {
    const missing = join(folder, 'missing');
    const { stderr } = await runFake(['--json', '--resume', missing], { stdin });
    expect(stderr).toBe(`smtp-find: cannot read ${missing}: no such file\n`);
    const text = await runFake(['--resume', missing], { stdin });
    expect(text.stderr).toContain('expected --json as well');
    expect(text.code).toBe(2);
  });
});

describe('readEarlier', () => {
  it('takes invisible characters of a query as they were shown', async () => {
    const { stdout } = await runFake(['--json'], { stdin: ' x\u200b y\t \n' });
    const earlier = await readEarlier(file(stdout), { probing: true, checks: noChecks });
    expect(earlier.take({ text: ' x\u200b y\t ', problem: null, note: null, bytes: 0 })).toBe(true);
  });
});
