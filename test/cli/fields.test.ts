import { describe, expect, it } from 'vitest';
import { runFake } from './fake-io.ts';

const two = ['a@example.com', 'nowhere.example'];

describe('--format tsv', () => {
  it('has a header, and a line for each query', async () => {
    const { code, stdout, stderr } = await runFake(['-f', 'tsv', ...two, 'no address']);
    const lines = stdout.split('\n').map((line) => line.split('\t'));
    expect(lines.map(([first]) => first)).toEqual(['query', ...two, 'no address', '']);
    expect(lines.map(([, second]) => second)).toEqual([
      ...['status', 'verified', 'not-found', 'error', undefined],
    ]);
    expect([code, stderr]).toEqual([2, '']);
  });

  it('has a line even for bad input that is alone on stdin, as JSON has', async () => {
    const { code, stdout } = await runFake(['-f', 'tsv'], { stdin: 'no address\n' });
    expect([code, stdout.split('\n').length]).toEqual([2, 3]);
  });

  it('has the columns that --fields names, in their order', async () => {
    const { stdout } = await runFake(['-f', 'tsv', '--fields', 'port,query', two[0] ?? '']);
    expect(stdout).toBe('port\tquery\n465\ta@example.com\n');
  });
});

describe('--fields', () => {
  it('alone prints the values only, for a shell', async () => {
    expect((await runFake(['--fields', 'host', 'you@example.com'])).stdout).toBe(
      'smtp.example.com\n',
    );
    const several = await runFake(['--fields=settings.host, PORT', '--fields', 'username', ...two]);
    expect(several.stdout).toBe('smtp.example.com\t465\tyou@example.com\n\t\t\n');
    expect(several.code).toBe(1);
  });

  it('says on stderr what an empty line means, unless the status is among them', async () => {
    const [, query = ''] = two;
    const { stderr } = await runFake(['--fields', 'host', query]);
    expect(stderr).toBe('smtp-find: nowhere.example: no settings found\n');
    expect((await runFake(['--fields', 'host,status', query])).stderr).toBe('');
    expect((await runFake(['-q', '--fields', 'host', query])).stderr).toBe('');
  });

  it.each([
    ['because', { explain: true, all: false }],
    ['sources', { explain: true, all: false }],
    ['host,alternatives', { explain: false, all: true }],
    ['host', { explain: false, all: false }],
  ])('%s asks for what it shows', async (names, options) => {
    const { finds } = await runFake(['--fields', names, 'you@example.com']);
    expect(finds).toMatchObject([{ options }]);
  });

  it('picks members of the JSON', async () => {
    const { stdout } = await runFake(['--json', '--fields', 'query,auth,provider.name', ...two]);
    expect(stdout).toBe(
      '{"query":"a@example.com","auth":["PLAIN","LOGIN","XOAUTH2"],"providerName":"Example Mail"}\n' +
        '{"query":"nowhere.example","auth":null,"providerName":null}\n',
    );
  });

  it.each([
    [['hots'], '--fields cannot be "hots": expected host, or another of query, email, '],
    [['host,'], '--fields cannot be "": expected some of query, '],
    [['settings.prot'], '"settings.prot": expected settings.port, or another of'],
    [['host', '--format', 'env'], '--fields and --format env contradict each other: expected tsv'],
    [['host', '--json', '--resume', 'x'], '--fields and --resume contradict each other'],
  ])('refuses %j', async (argv, message) => {
    const { code, stdout, stderr } = await runFake(['--fields', ...argv, 'a@example.com']);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect([code, stdout]).toEqual([2, '']);
  });
});
