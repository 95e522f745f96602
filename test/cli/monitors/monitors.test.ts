import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { afterAll, describe, expect, it } from 'vitest';
import { loginRefused, unverified, verified } from '../../render/samples.ts';
import { answerByName, runFake, type World } from '../fake-io.ts';
import { type Family, readExposition } from './exposition.ts';

const folder = mkdtempSync(join(tmpdir(), 'smtp-find-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const file = (): string => join(folder, `${++files}.out`);

const queries = [
  'you@verified.example',
  'unverified.example',
  'nowhere.example',
  'offline.example',
];

it('a query that shows as nothing has its bytes in the name', async () => {
  const path = file();
  await runFake(['--junit', path, '\u0007', 'a.example']);
  expect(readFileSync(path, 'utf8')).toContain('<testcase name="\\x07"');
});

describe('--junit', () => {
  interface Element {
    readonly name: string;
    readonly of: Readonly<Record<string, string>>;
    readonly children: readonly Element[];
    readonly text: string;
  }

  /** As fast-xml-parser gives it with `preserveOrder`. */
  function elements(nodes: unknown): Element[] {
    return (nodes as Record<string, unknown>[]).flatMap((node) => {
      const [name = ''] = Object.keys(node).filter((key) => key !== ':@');
      if (name === '#text' || name.startsWith('?')) return [];
      const inside = node[name] as Record<string, unknown>[];
      const text = inside.map((child) => String(child['#text'] ?? '')).join('');
      const of = (node[':@'] ?? {}) as Record<string, string>;
      return [{ name, of, children: elements(inside), text }];
    });
  }

  async function junit(argv: readonly string[], world?: World) {
    const path = file();
    const outcome = await runFake(['--junit', path, ...argv], world);
    const text = readFileSync(path, 'utf8');
    expect(XMLValidator.validate(text)).toBe(true);
    expect(text).toMatch(/^[\t\n -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u);
    const parser = new XMLParser({
      preserveOrder: true,
      ignoreAttributes: false,
      attributeNamePrefix: '',
      parseAttributeValue: false,
      parseTagValue: false,
    });
    const [suites, ...others] = elements(parser.parse(text));
    expect([suites?.name, suites?.of, others]).toEqual(['testsuites', {}, []]);
    const [suite] = suites?.children ?? [];
    if (!suite) throw new Error('no suite');
    return { outcome, suite, cases: suite.children.filter(({ name }) => name === 'testcase') };
  }

  /** The schema of Ant's report, which is the strictest that is in use. */
  function expectToBeAnt(suite: Element, cases: readonly Element[]): void {
    expect(Object.keys(suite.of).sort()).toEqual([
      ...['errors', 'failures', 'hostname', 'id', 'name', 'package', 'tests', 'time', 'timestamp'],
    ]);
    expect(suite.of.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
    const order = suite.children.map(({ name }) => name);
    expect(order).toEqual([
      'properties',
      ...cases.map(() => 'testcase'),
      'system-out',
      'system-err',
    ]);
    for (const { of, children } of cases) {
      expect(Object.keys(of)).toEqual(['name', 'classname', 'time']);
      expect(of.time).toMatch(/^\d+\.\d{3}$/);
      expect(children.length).toBeLessThanOrEqual(1);
      for (const child of children) {
        expect(['failure', 'error']).toContain(child.name);
        expect(Object.keys(child.of)).toEqual(['message', 'type']);
      }
    }
    const count = (kind: string): string =>
      String(cases.filter(({ children }) => children[0]?.name === kind).length);
    expect(suite.of).toMatchObject({
      tests: String(cases.length),
      failures: count('failure'),
      errors: count('error'),
    });
  }

  const verdicts = (cases: readonly Element[]): unknown[] =>
    cases.map(({ of, children: [child] }) => [of.name, child?.name, child?.of.type]);

  it('has a case for each query: a failure for what is wrong, an error for what is not known', async () => {
    const { outcome, suite, cases } = await junit([...queries, 'no address', 'a@broken.example']);
    expectToBeAnt(suite, cases);
    expect(verdicts(cases)).toEqual([
      ['you@verified.example', undefined, undefined],
      ['unverified.example', 'failure', 'not-verified'],
      ['nowhere.example', 'failure', 'not-found'],
      ['offline.example', 'error', 'no-network'],
      ['no address', 'error', 'bad-input'],
      ['a@broken.example', 'error', 'internal'],
    ]);
    expect(cases[1]?.children[0]?.of.message).toMatch(/^not verified\. .+/);
    expect(cases[4]?.children[0]?.text).toContain('is not an address');
    expect(outcome.code).toBe(70);
  });

  it('says which checks failed', async () => {
    const { cases } = await junit(['--require', 'starttls', '--expect', 'port=25', 'a.example']);
    expect(verdicts(cases)).toEqual([['a.example', 'failure', 'check']]);
    expect(cases[0]?.children[0]).toMatchObject({
      of: { message: 'a.example: required starttls: it uses tls' },
      text: 'a.example: required starttls: it uses tls\na.example: expected port=25, found port=465',
    });
  });

  it('says that a login was refused, and why', async () => {
    const { cases } = await junit(['a@b.example'], { find: async () => loginRefused });
    expect(cases[0]?.children[0]?.of.type).toBe('login-refused');
    expect(cases[0]?.children[0]?.of.message).toContain('534 5.7.9');
  });

  it('has nothing to complain of where nobody asked to probe', async () => {
    const { cases } = await junit(['--no-probe', 'unverified.example']);
    expect(verdicts(cases)).toEqual([['unverified.example', undefined, undefined]]);
  });

  it('has only the checks to complain of there', async () => {
    const argv = ['--offline', '--require', 'starttls', 'verified.example'];
    const find = async () => unverified;
    const { cases } = await junit(argv, { find });
    expect(verdicts(cases)).toEqual([[unverified.query, 'failure', 'check']]);
    expect(cases[0]?.children[0]?.text).toBe(
      `${unverified.query}: required starttls: it is not encrypted`,
    );
  });

  it('has a query that is bad and alone', async () => {
    const { outcome, cases } = await junit(['no address']);
    expect([outcome.code, outcome.stdout]).toEqual([2, '']);
    expect(verdicts(cases)).toEqual([['no address', 'error', 'bad-input']]);
  });

  it('stays XML whatever is typed and published', async () => {
    const odd = '</testcase>&<![CDATA[]]>"\'\u0000\u001b[31m\ufffe\ud800\u202e';
    const { suite, cases } = await junit([odd, 'b.example'], {
      find: async () => ({
        ...verified,
        query: odd,
        status: 'unverified',
        warnings: [{ code: 'protocol-error', message: odd }],
      }),
    });
    expectToBeAnt(suite, cases);
    expect(cases.map(({ of }) => of.name)).toEqual(Array(2).fill('</testcase>&<![CDATA[]]>"\''));
  });
});

describe('--prometheus', () => {
  async function metrics(
    argv: readonly string[],
    world?: World,
  ): Promise<ReadonlyMap<string, Family>> {
    const path = file();
    await runFake(['--prometheus', path, ...argv], world);
    return readExposition(readFileSync(path, 'utf8'));
  }

  const values = (families: ReadonlyMap<string, Family>, name: string): unknown[] =>
    families.get(name)?.samples.map(({ labels, value }) => [...Object.values(labels), value]) ?? [];

  it('has what became of each domain', async () => {
    const families = await metrics([...queries, 'no address']);
    expect([...families].map(([name, { type, help }]) => [name, type, help !== ''])).toEqual([
      ['smtp_find_up', 'gauge', true],
      ['smtp_find_verified', 'gauge', true],
      ['smtp_find_certificate_expiry_timestamp_seconds', 'gauge', true],
      ['smtp_find_duration_seconds', 'gauge', true],
      ['smtp_find_queries', 'gauge', true],
    ]);
    const up = [
      ['verified.example', 1],
      ['unverified.example', 0],
      ['nowhere.example', 0],
      ['offline.example', 0],
    ];
    expect(values(families, 'smtp_find_up')).toEqual(up);
    expect(values(families, 'smtp_find_verified')).toEqual(up);
    expect(values(families, 'smtp_find_certificate_expiry_timestamp_seconds')).toEqual([
      ['verified.example', Date.parse('2027-01-31T00:00:00Z') / 1000],
    ]);
    expect(values(families, 'smtp_find_queries')).toEqual([
      ['verified', 1],
      ['unverified', 1],
      ['not-found', 2],
      ['error', 1],
    ]);
  });

  it('has each check, and no address anywhere', async () => {
    const path = file();
    await runFake([
      ...['--prometheus', path, '--require', 'encrypted,starttls', '--expect', 'port=465'],
      ...['--expect', 'username=me@verified.example', 'jane@verified.example', 'joe@bad address'],
    ]);
    const text = readFileSync(path, 'utf8');
    expect(values(readExposition(text), 'smtp_find_check_ok')).toEqual([
      ['verified.example', 'encrypted', 1],
      ['verified.example', 'starttls', 0],
      ['verified.example', 'port=465', 1],
      ['verified.example', 'username', 0],
    ]);
    expect(text).not.toContain('@');
    expect(text).not.toMatch(/jane|joe|me@/);
  });

  it('has a domain once, by the worst of its addresses', async () => {
    const families = await metrics(['a@b.example', 'b@b.example', 'c@b.example'], {
      find: async (input) => {
        const report = await answerByName(input);
        if (!input.startsWith('b')) return report;
        return { ...report, ...(await answerByName('unverified.example')), domain: 'b.example' };
      },
    });
    expect(values(families, 'smtp_find_up')).toEqual([['b.example', 0]]);
    expect(values(families, 'smtp_find_queries')[0]).toEqual(['verified', 2]);
  });

  it('names a provider that was named', async () => {
    const families = await metrics(['--provider', 'sendgrid']);
    expect(values(families, 'smtp_find_up')).toHaveLength(1);
  });

  it.each(['a"b\\c\nd.example', '\\', '"} 1\nsmtp_find_up{domain="x'])(
    'stays in its format with the domain %j',
    async (domain) => {
      const families = await metrics(['b.example'], {
        find: async () => ({ ...verified, domain }),
      });
      expect(values(families, 'smtp_find_up')).toEqual([[domain.replaceAll('\n', ' '), 1]]);
    },
  );
});

describe('a file for monitors', () => {
  it('is replaced at once, with nothing left beside it, and a link stays a link', async () => {
    const place = join(folder, 'collector');
    mkdirSync(place);
    const real = join(place, 'real.prom');
    writeFileSync(real, 'old');
    const { ino } = statSync(real);
    symlinkSync(real, join(place, 'link.prom'));
    const { code } = await runFake(['--prometheus', join(place, 'link.prom'), 'a.example']);
    expect(code).toBe(0);
    expect(readdirSync(place).sort()).toEqual(['link.prom', 'real.prom']);
    expect(readFileSync(real, 'utf8')).toContain('smtp_find_up{domain="a.example"} 1\n');
    expect(statSync(real).ino).not.toBe(ino);
  });

  it.each(['--junit', '--prometheus'])(
    '%s that can not be written exits with 74 before anything is asked',
    async (option) => {
      const { code, stdout, stderr, finds } = await runFake([
        ...[option, join(folder, 'no', 'file'), 'a.example'],
      ]);
      expect([code, stdout, finds]).toEqual([74, '', []]);
      expect(stderr).toMatch(/^smtp-find: cannot write .*: no such folder\n$/);
    },
  );

  it.skipIf(process.platform === 'win32')('keeps its mode when it is replaced', async () => {
    const path = file();
    for (const mode of [0o600, 0o640, 0o444, 0o666]) {
      writeFileSync(path, 'old');
      chmodSync(path, mode);
      // What may not be written is not replaced either, but for the superuser.
      await runFake(['--junit', path, queries[0] ?? '']);
      expect(statSync(path).mode & 0o777).toBe(mode);
      chmodSync(path, 0o600);
    }
  });

  it('that fails at the end costs none of the results', async () => {
    const place = join(folder, 'gone');
    mkdirSync(place);
    const { code, stdout, stderr } = await runFake(
      ['--json', '--junit', join(place, 'x.xml'), 'a.example'],
      {
        find: async (input) => {
          rmSync(place, { recursive: true });
          return answerByName(input);
        },
      },
    );
    expect(JSON.parse(stdout)).toMatchObject({ status: 'verified' });
    expect([code, stderr]).toEqual([
      74,
      `smtp-find: cannot write ${join(place, 'x.xml')}: no such folder\n`,
    ]);
  });

  it('is not there of a run that was interrupted, and the old one stays', async () => {
    const path = file();
    writeFileSync(path, 'old');
    const controller = new AbortController();
    const { code } = await runFake(['--prometheus', path, 'a.example', 'b.example', '-j', '1'], {
      signal: controller.signal,
      find: async (input) => {
        if (input === 'b.example') controller.abort(new Error('interrupted'));
        return answerByName(input);
      },
    });
    expect([code, readFileSync(path, 'utf8')]).toEqual([130, 'old']);
  });

  it('leaves stdout and stderr as they are', async () => {
    const plain = await runFake(['--require', 'starttls', ...queries]);
    const { code, stdout, stderr } = await runFake([
      ...['--junit', file(), '--prometheus', file(), '--require', 'starttls', ...queries],
    ]);
    expect({ code, stdout, stderr }).toEqual({
      code: plain.code,
      stdout: plain.stdout,
      stderr: plain.stderr,
    });
  });

  it('- is refused: results are there', async () => {
    const { code, stderr } = await runFake(['--junit', '-', 'a.example']);
    expect(stderr).toBe('smtp-find: --junit cannot be "-": expected the name of a file\n');
    expect([code, existsSync('-')]).toEqual([2, false]);
  });
});
