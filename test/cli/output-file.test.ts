import {
  chmodSync,
  existsSync,
  linkSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { answerByName, runFake, Sink } from './fake-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'smtp-find-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

function file(text?: string): string {
  const path = join(folder, `${++files}.out`);
  if (text !== undefined) writeFileSync(path, text);
  return path;
}

const read = (path: string): string => readFileSync(path, 'utf8');
const queries = ['a.example', 'nowhere.example', 'a.example', 'b.example'];
const queriesIn = (text: string): string[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { query: string }).query);

describe('--output', () => {
  it('takes what stdout would have had, and leaves stderr as it is', async () => {
    const path = file('what was there before, and is longer than what comes\n'.repeat(99));
    for (const args of [['--json', ...queries], ['-f', 'env', 'nowhere.example'], queries]) {
      const stdout = await runFake(args);
      const { code, ...outcome } = await runFake(['-o', path, ...args]);
      expect([outcome.stdout, outcome.stderr, code]).toEqual(['', stdout.stderr, stdout.code]);
      expect(read(path)).toBe(stdout.stdout);
    }
  });

  it('has no colours and one line of JSON, whatever the terminal shows', async () => {
    const path = file();
    const env = { FORCE_COLOR: '1', LANG: 'C.UTF-8' };
    await runFake(['-o', path, 'a.example'], { env, stdout: new Sink(true) });
    expect(read(path)).toContain('smtp.example.com');
    expect(read(path)).not.toContain('\u001b');
    await runFake(['--json', '-o', path, 'a.example'], { env, stdout: new Sink(true) });
    expect(read(path).split('\n')).toHaveLength(2);
  });

  it.each([[['--list-providers']], [['--show-config']], [['--completion', 'bash']]])(
    'takes that of %j, too',
    async (args) => {
      const { stdout } = await runFake(args);
      const path = file();
      const { code, ...outcome } = await runFake([...args, '-o', path]);
      expect([code, outcome.stdout, read(path)]).toEqual([0, '', stdout]);
      expect((await runFake([...args, '-o', folder])).code).toBe(74);
    },
  );

  it('- is stdout', async () => {
    expect((await runFake(['--fields', 'host', '-o', '-', 'a.example'])).stdout).toBe(
      'smtp.example.com\n',
    );
  });

  it('has each result as soon as it is there', async () => {
    const path = file();
    const seen: string[] = [];
    await runFake(['--fields', 'query', '-j', '1', '-o', path, ...queries], {
      find: async (input) => {
        seen.push(existsSync(path) ? read(path) : 'nothing');
        return answerByName(input);
      },
    });
    expect(seen.at(-1)).toMatch(/^a\.example\n/);
    expect(seen[0]).toBe('nothing');
  });

  it.each([
    ['an option that is wrong', ['-t', 'x', 'a.example']],
    ['an only query that is bad', ['no address']],
    ['a list that is not there', ['--input', join(folder, 'missing')]],
    ['a list that is empty', []],
  ])('keeps what is in the file with %s', async (_, args) => {
    const path = file('kept');
    const { code } = await runFake(['-o', path, ...args]);
    expect([code, read(path)]).toEqual([2, 'kept']);
    const fresh = file();
    await runFake(['-o', fresh, ...args]);
    expect(existsSync(fresh)).toBe(false);
  });

  it.each([
    ['in no folder', join(folder, 'no', 'file'), 'no such folder'],
    ['that is a folder', folder, 'it is a directory'],
  ])('%s exits with 74 before anything is asked', async (_, path, reason) => {
    const { code, stdout, stderr, finds } = await runFake(['-o', path, 'a.example']);
    expect([code, stdout, stderr]).toEqual([
      74,
      '',
      `smtp-find: cannot write ${path}: ${reason}\n`,
    ]);
    expect(finds).toEqual([]);
  });

  it.runIf(process.getuid?.() !== 0 && process.platform !== 'win32')(
    'that may not be written exits with 74, too',
    async () => {
      const path = file('kept');
      chmodSync(path, 0o444);
      const { code, stderr } = await runFake(['-o', path, 'a.example']);
      expect([code, stderr]).toEqual([74, `smtp-find: cannot write ${path}: permission denied\n`]);
    },
  );
});

describe.each(['--output', '--junit', '--prometheus'])('%s', (option) => {
  /** Of a file: its own name, a hard link, and a symbolic one. */
  function namesOf(list: string): string[] {
    const [hard, soft] = [file(), file()];
    linkSync(list, hard);
    symlinkSync(list, soft);
    return [list, hard, soft];
  }

  it('is not the list itself, under any name', async () => {
    const list = file('a.example\n');
    for (const name of namesOf(list)) {
      const named = await runFake(['--input', list, option, name]);
      expect(named.stderr).toContain(`${option} ${name} is the file that the queries come from`);
      expect([named.code, named.finds, read(list)]).toEqual([2, [], 'a.example\n']);
    }
    for (const args of [[], ['-'], ['--input', '-']]) {
      const redirected = await runFake([...args, option, list], {
        stdin: 'a.example\n',
        stdinFile: list,
      });
      expect(redirected.stderr).toContain('is the file that the queries come from');
      expect([redirected.code, read(list)]).toEqual([2, 'a.example\n']);
    }
  });

  it('is no file of certificates', async () => {
    const pem = file('pem');
    const { code, stderr } = await runFake(['--cacert', pem, option, pem, 'a.example']);
    expect(stderr).toContain(`${option} ${pem} is the file of --cacert`);
    expect([code, read(pem)]).toEqual([2, 'pem']);
  });
});

describe.each(['--junit', '--prometheus'])('%s', (option) => {
  it('is not where the results go, under any name', async () => {
    const path = file('kept');
    const other = file();
    symlinkSync(path, other);
    const both = await runFake(['-o', path, option, other, 'a.example']);
    expect(both.stderr).toContain(`--output and ${option} contradict each other`);
    const redirected = await runFake([option, path, 'a.example'], { stdoutFile: path });
    expect(redirected.stderr).toContain('is the file that the results go to');
    expect([both.code, redirected.code, read(path)]).toEqual([2, 2, 'kept']);
  });
});

describe('--resume with --output', () => {
  const stdin = queries.map((query) => `${query}\n`).join('');

  it('the same file is one command for the first run and all others', async () => {
    const path = file();
    const args = ['--json', '--resume', path, '-o', path];
    const first = await runFake(args, { stdin });
    expect(queriesIn(read(path))).toEqual(queries);
    const whole = read(path);
    for (const cut of [whole.length - 40, whole.length - 1, 10, 0]) {
      writeFileSync(path, whole.slice(0, cut));
      const again = await runFake(args, { stdin });
      expect(queriesIn(read(path))).toEqual(queries);
      expect([again.code, again.stdout]).toEqual([first.code, '']);
    }
    const last = await runFake(args, { stdin });
    expect([last.code, last.finds, read(path)]).toEqual([1, [], whole]);
  });

  it('another file has the rest, and the earlier one stays', async () => {
    const all = file();
    await runFake(['--json', '-o', all], { stdin });
    const part = read(all).split('\n').slice(0, 2).join('\n');
    const earlier = file(part);
    const rest = file('old');
    await runFake(['--json', '--resume', earlier, '-o', rest], { stdin });
    expect(queriesIn(read(rest))).toEqual(queries.slice(2));
    expect(read(earlier)).toBe(part);
    await runFake(['--json', '--resume', all, '-o', rest], { stdin });
    expect(read(rest)).toBe('');
  });
});
