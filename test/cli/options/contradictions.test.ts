import { describe, expect, it } from 'vitest';
import { sourceNames } from '../../../src/cli/options/table.ts';
import { runFake } from '../fake-io.ts';

describe('options that contradict each other', () => {
  it.each([
    ['--only srv --skip srv', '--only srv and --skip srv contradict', 'no source is left'],
    ['--only srv,pacc --skip pacc --skip srv', '--only srv,pacc and --skip pacc,srv', 'no source'],
    [`--skip ${sourceNames.join()}`, '--skip leaves out every source', 'no source is left'],
    ['--offline --only srv', '--offline and --only srv contradict', 'only the database'],
    ['--offline --skip database', '--offline and --skip database contradict', 'the database'],
    ['--provider gmail --only srv', '--provider and --only contradict', 'is not looked for'],
    ['--provider gmail --skip srv', '--provider and --skip contradict', 'is not looked for'],
    ['--quiet --verbose', '--quiet and --verbose contradict', 'one says less'],
    ['--json --format text', '--json and --format text contradict', 'expected one'],
    ['--json --format tsv', '--json and --format tsv contradict', 'expected one'],
    ['--fields host --format text', '--fields and --format text contradict', 'expected tsv'],
    ['--fields host --json --resume x', '--fields and --resume contradict', 'whole results'],
    ['--login --offline', '--login and --offline contradict', 'only a server'],
    ['--login --no-probe', '--login and --no-probe contradict', 'only a server'],
    ['--login --json --resume x', '--login and --resume contradict', 'one account'],
    ['--junit x.xml --prometheus ./x.xml', '--junit and --prometheus contradict', 'same file'],
    ['-o x.xml --junit x.xml', '--output and --junit contradict', 'same file'],
    ['--json --resume x --junit y', '--resume and --junit contradict', 'answered before'],
    ['-4 -6', '-4 and -6 contradict each other', 'expected one'],
    ['--require tls,STARTTLS', '--require tls and --require starttls contradict', 'no server'],
    ['--require starttls --expect encryption=tls', '--expect encryption=tls contradict', 'no ser'],
    ['--expect port=465,port=587', '--expect port=465 and --expect port=587 contradict', 'it has'],
  ])('%s', async (options, named, why) => {
    const { code, stdout, stderr, session } = await runFake([...options.split(' '), 'a@b.example']);
    expect(stderr).toContain(named);
    expect(stderr).toContain(why);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect([code, stdout, session]).toEqual([2, '', undefined]);
  });

  it.each([
    '--provider gmail --provider outlook',
    '-o a --output b',
    '--junit a --junit b',
    '--prometheus a --prometheus b',
    '--json --resume a --resume=b',
    '--login --user a --user b',
  ])('is an option given twice, of which one would be dropped: %s', async (options) => {
    const { code, stdout, stderr, session } = await runFake([...options.split(' '), 'a@b.example']);
    expect(stderr).toMatch(/^smtp-find: --[a-z]+ is given twice: expected one\n$/);
    expect([code, stdout, session]).toEqual([2, '', undefined]);
  });

  it('are not those of which the last one counts', async () => {
    const args =
      '-t 1 -t 2 --proxy http://a --proxy http://b -f env -f url --provider x --provider x';
    const { session, stdout, examined } = await runFake([...args.split(' '), 'a@b.example']);
    expect(session).toMatchObject({ proxy: 'http://b' });
    expect(examined).toMatchObject([{ named: { provider: 'x' }, options: { timeoutMs: 2000 } }]);
    expect(stdout).toMatch(/^submission|^smtp/);
  });

  it.each([
    '--only srv,database --skip srv --offline',
    '--skip srv --offline --no-probe',
    '--offline --resolver 127.0.0.1 --proxy socks5://127.0.0.1 --send-address',
    '--expect auth=PLAIN,auth=LOGIN --require encrypted',
    '--require tls --expect encryption=tls',
    '--json --format json',
    '--quiet --explain --all',
  ])('are not: %s', async (options) => {
    const { session } = await runFake([...options.split(' '), 'a@b.example']);
    expect(session).toBeDefined();
  });
});
