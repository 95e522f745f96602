/** `--server`, `--provider` and `--list-providers`: what they leave no room for, and what comes of them. */
import { describe, expect, it } from 'vitest';
import { compareText } from '../../../src/model/compare-text.ts';
import { loadDirectory } from '../../../src/providers/directory.ts';
import { runFake, Sink } from '../fake-io.ts';

describe('options that contradict each other', () => {
  it.each([
    [['--server', 'a.example', '--provider', 'gmail'], '--server and --provider'],
    [['--server', 'a.example', '--offline'], '--server and --offline'],
    [['--server', 'a.example', '--no-probe'], '--server and --no-probe'],
    [['--server', 'a.example', '--only', 'srv'], '--server and --only'],
    [['--server', 'a.example', '--skip', 'srv'], '--server and --skip'],
    [['--server', 'a.example', '--input', 'list.txt'], '--server and --input'],
    [['--server', 'a.example', '--json', '--resume', 'x'], '--server and --resume'],
    [['--server', 'a.example', '-'], '--server and -'],
    [['--server', 'a.example', 'a@example.com', 'b@example.com'], '--server with 2 addresses'],
    [['--provider', 'gmail', '--only', 'srv'], '--provider and --only'],
    [['--list-providers', 'you@example.com'], '--list-providers and an address or domain'],
    [['--list-providers', '--provider', 'gmail'], '--list-providers and --provider'],
    [['--list-providers', '--server', 'a.example'], '--list-providers and --server'],
    [['--list-providers', '--show-config'], '--list-providers and --show-config'],
    [['--list-providers', '--require', 'tls'], '--list-providers and --require'],
    [['--show-config', 'you@example.com'], '--show-config and an address or domain'],
    [['--show-config', '--login'], '--show-config and --login'],
    [['--show-config', '-f', 'tsv'], '--show-config and --format tsv'],
    [['--show-config', '--fields', 'host'], '--show-config and --fields'],
    [['--show-config', '--json', '--fields', 'host'], '--show-config and --fields'],
    [['--completion', 'bash', 'example.com'], '--completion and an address or domain'],
    [['--completion', 'bash', '--json'], '--completion and --format json'],
    [['--completion', 'bash', '--server', 'a.example'], '--completion and --server'],
    [['--list-providers', '--input', 'x'], '--list-providers and --input'],
    [['--list-providers', '-f', 'msmtp'], '--list-providers and --format msmtp'],
  ])('%j', async (argv, message) => {
    const { code, stdout, stderr, finds, examined } = await runFake(argv);
    expect(stderr).toMatch(/^smtp-find: .*\n$/);
    expect(stderr).toContain(message);
    expect([code, stdout, finds, examined]).toEqual([2, '', [], []]);
  });
});

describe('--server', () => {
  it('may be given several times, and needs no query', async () => {
    const { examined } = await runFake(['--server', 'a.example', '--server', 'b.example:25']);
    expect(examined).toMatchObject([
      { named: { servers: ['a.example', 'b.example:25'] }, input: null },
    ]);
    expect(examined[0]?.options).not.toHaveProperty('only');
  });

  it('takes one address, and leaves standard input alone', async () => {
    const { examined } = await runFake(['--server', 'a.example', 'you@example.com'], {
      stdin: 'other@example.com\n',
    });
    expect(examined.map(({ input }) => input)).toEqual(['you@example.com']);
  });

  it('asks nobody to read the help on a terminal', async () => {
    const { examined } = await runFake(['--server', 'a.example'], { stdinIsTTY: true });
    expect(examined).toHaveLength(1);
  });

  it('logs in without an address, with a password from standard input', async () => {
    const argv = ['--server', 'a.example', '--login', '--user', 'me'];
    const { examined } = await runFake(argv, { stdin: 'secret\n' });
    expect(examined).toMatchObject([
      { input: null, options: { login: { username: 'me', secret: { value: 'secret' } } } },
    ]);
  });
});

describe('--list-providers', () => {
  it('lists them by id, in columns', async () => {
    const { code, stdout, stderr } = await runFake(['--list-providers']);
    const lines = stdout.split('\n').slice(0, -1);
    const ids = [...(await loadDirectory()).all()].map(({ id }) => id).sort(compareText);
    expect(lines.map((line) => line.split(' ', 1)[0])).toEqual(ids);
    expect(lines.find((line) => line.startsWith('gmail '))).toMatch(/^gmail +Gmail +mailbox$/);
    expect([code, stderr]).toEqual([0, '']);
  });

  it('as JSON has one a line', async () => {
    for (const option of [['--json'], ['-f', 'json']]) {
      const { stdout } = await runFake(['--list-providers', ...option]);
      const all = stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as { id: string });
      expect(all.find(({ id }) => id === 'mailgun-eu')).toEqual({
        id: 'mailgun-eu',
        name: 'Mailgun (Europe)',
        kind: 'relay',
        family: 'Mailgun',
        domains: expect.any(Number),
        servers: expect.arrayContaining([
          { host: 'smtp.eu.mailgun.org', port: 465, encryption: 'tls' },
        ]),
        confirmed: expect.stringMatching(/^\d{4}-\d\d$/),
      });
    }
  });

  it('as TSV has a table, or the values that --fields picks', async () => {
    const table = (await runFake(['--list-providers', '-f', 'tsv'])).stdout.split('\n');
    expect(table[0]).toBe('id\tname\tkind\tfamily\tdomains\tservers\tconfirmed');
    expect(table.find((line) => line.startsWith('mailgun-eu\t'))).toContain(
      'smtp.eu.mailgun.org:465',
    );
    const values = (await runFake(['--list-providers', '--fields', 'kind,ID'])).stdout.split('\n');
    expect(values).toContain('relay\tmailgun-eu');
    expect(values).toHaveLength(table.length - 1);
    const json = await runFake(['--list-providers', '--json', '--fields', 'id']);
    expect(json.stdout).toContain('{"id":"mailgun-eu"}\n');
    const wrong = await runFake(['--list-providers', '--fields', 'host']);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('some of id, name')]);
  });

  it('ends quietly when the reader has had enough, and says when the disk is full', async () => {
    const failing = (code: string): Sink =>
      new Sink(false, () => Object.assign(new Error(`write ${code}`), { code }));
    const gone = await runFake(['--list-providers'], { stdout: failing('EPIPE') });
    expect([gone.code, gone.stderr]).toEqual([0, '']);
    const full = await runFake(['--list-providers'], { stdout: failing('ENOSPC') });
    expect([full.code, full.stderr]).toEqual([
      74,
      expect.stringContaining('cannot write the output'),
    ]);
  });
});
