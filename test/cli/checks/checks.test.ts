import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/cli/checks/checks.ts';
import { conditionTable, parseConditions } from '../../../src/cli/checks/conditions.ts';
import { parseExpectations } from '../../../src/cli/checks/expectation.ts';
import type { Report } from '../../../src/report/report.ts';
import { notFound, unverified, verified } from '../../render/samples.ts';
import { runFake } from '../fake-io.ts';

const NOW = new Date('2027-01-01T00:00:00Z');

function required(report: Report, ...conditions: string[]): readonly string[] {
  const checks = { required: parseConditions(conditions), expected: [] };
  return judge(report, { checks, probing: true }, NOW).failed;
}

function expected(report: Report, ...settings: string[]): readonly string[] {
  const checks = { required: [], expected: parseExpectations(settings) };
  return judge(report, { checks, probing: true }, NOW).failed;
}

describe('--require', () => {
  it.each([
    ...['verified', 'complete', 'tls', 'encrypted', 'secure', 'published', 'no-warnings'],
    ...['auth=PLAIN', 'auth=xoauth2', 'provider=example', 'certificate-days=30', 'TLS'],
  ])('%s holds for a good answer', (condition) => {
    expect(required(verified, condition)).toEqual([]);
  });

  it.each([
    ['verified', 'it is unverified'],
    ['complete', 'not everything answered in time'],
    ['tls', 'it is not encrypted'],
    ['starttls', 'it is not encrypted'],
    ['encrypted', 'it is not encrypted'],
    ['secure', 'only unprotected answers name it'],
    ['published', 'guessed'],
    ['no-warnings', 'plaintext, assumed-username, incomplete'],
    ['auth=LOGIN', 'it offers PLAIN'],
    ['provider=example', 'it is not known'],
    ['certificate-days=1', 'no certificate was seen'],
  ])('%s fails for a doubtful one, with the reason', (condition, reason) => {
    expect(required(unverified, condition)).toEqual([
      `bücher.example: required ${condition}: ${reason}`,
    ]);
  });

  it('names each condition that fails, and only those', () => {
    expect(required(verified, 'verified,starttls', ' auth=CRAM-MD5 , certificate-days=31')).toEqual(
      [
        'you@example.com: required starttls: it uses tls',
        'you@example.com: required auth=CRAM-MD5: it offers PLAIN, LOGIN, XOAUTH2',
        'you@example.com: required certificate-days=31: it ends on 2027-01-31',
      ],
    );
  });

  it('holds in nothing where nothing was found', () => {
    for (const [shown] of conditionTable) {
      const condition = shown.replace('MECHANISM', 'PLAIN').replace('=N', '=1');
      if (/complete|no-warnings/.test(condition)) continue;
      expect(required(notFound, condition)).toHaveLength(1);
    }
  });

  it.each([
    ...['', 'tsl', 'auth', 'auth=', 'auth=a b', 'verified=1', 'certificate-days=soon'],
    ...['constructor', 'toString=1', 'tls,,verified'],
  ])('refuses %j with the list', async (value) => {
    const { code, stdout, stderr } = await runFake(['--require', value, 'a@example.com']);
    expect(stderr).toMatch(/^smtp-find: --require cannot be ".*": expected some of verified, /);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect([code, stdout]).toEqual([2, '']);
  });

  it.each([
    [['--require', 'tls'], 'verified.example', 0],
    [['--require', 'starttls'], 'verified.example', 3],
    [['--require', 'starttls', '--no-probe'], 'verified.example', 3],
    // A condition more never turns a failure into a success.
    [['--require', 'auth=PLAIN'], 'unverified.example', 3],
    [['--require', 'auth=PLAIN', '--no-probe'], 'unverified.example', 0],
    [['--require', 'verified', '--offline'], 'unverified.example', 3],
    [['--require', 'tls'], 'nowhere.example', 1],
    [['--require', 'tls'], 'offline.example', 5],
  ])('%j about %s exits with %i', async (options, query, expectedCode) => {
    const { code, stdout } = await runFake([...options, '--json', query]);
    expect(code).toBe(expectedCode);
    expect(stdout).not.toBe('');
  });

  it('says what fails on stderr, under the query, and the answer is printed all the same', async () => {
    const { code, stdout, stderr } = await runFake([
      ...['--json', '--require', 'starttls', 'a@one.example', 'nonsense', 'b@two.example'],
    ]);
    expect(stdout.split('\n')).toHaveLength(4);
    expect(stderr).toBe(
      'smtp-find: a@one.example: required starttls: it uses tls\n' +
        'smtp-find: b@two.example: required starttls: it uses tls\n',
    );
    expect(code).toBe(2);
  });
});

describe('--expect', () => {
  it.each([
    ...['host=smtp.example.com', 'host=SMTP.Example.COM.', 'port=465', 'encryption=TLS'],
    ...['auth=plain', 'username=you@example.com', 'username=%EMAILADDRESS%'],
    ...['username=%EMAILLOCALPART%@%EMAILDOMAIN%', 'host = smtp.example.com, port = 465'],
  ])('%s is met', (setting) => {
    expect(expected(verified, setting)).toEqual([]);
  });

  it('compares the names of a domain in either script', () => {
    expect(expected(unverified, 'host=mail.bücher.example,username=%EMAILADDRESS%')).toEqual([]);
  });

  it('tells each difference', () => {
    const all = 'host=smtp.example.org,port=587,encryption=starttls,auth=CRAM-MD5,username=you';
    expect(expected(verified, all)).toEqual([
      'you@example.com: expected host=smtp.example.org, found host=smtp.example.com',
      'you@example.com: expected port=587, found port=465',
      'you@example.com: expected encryption=starttls, found encryption=tls',
      'you@example.com: expected auth=CRAM-MD5, found auth=PLAIN, LOGIN, XOAUTH2',
      'you@example.com: expected username=you, found username=you@example.com',
    ]);
    expect(expected(notFound, 'port=587')).toEqual([
      'nowhere.invalid: expected port=587, found port=nothing',
    ]);
  });

  it.each([
    ...['', 'host', 'host=', 'host=a b', 'port=0', 'port=65536', 'port=x', 'encryption=ssl'],
    ...['auth=', 'username=', 'server=x', 'host=a.example,,port=1'],
  ])('refuses %j with the list', async (value) => {
    const { code, stderr } = await runFake(['--expect', value, 'a@example.com']);
    expect(stderr).toMatch(/^smtp-find: --expect cannot be ".*": expected some of host=NAME, /);
    expect(code).toBe(2);
  });

  it('exits with 3 on a difference, and with 0 without', async () => {
    const same = await runFake(['--expect', 'port=465', 'a@example.com']);
    expect([same.code, same.stderr]).toEqual([0, '']);
    const different = await runFake(['--expect', 'port=25', 'a@example.com']);
    expect(different.stderr).toBe('smtp-find: a@example.com: expected port=25, found port=465\n');
    expect(different.code).toBe(3);
  });
});

describe('checks in the JSON', () => {
  const checksOf = (text: string): unknown[] =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as Report).checks);

  it('has each condition in the order it was asked for, whether it holds, and what is so', async () => {
    const { stdout, code } = await runFake([
      ...['--json', '--require', 'encrypted, starttls,auth=cram-md5', '--require=provider=EXAMPLE'],
      ...['--expect', 'port=465,username=%EMAILADDRESS%,host=other.example', 'you@example.com'],
    ]);
    expect(checksOf(stdout)).toEqual([
      [
        { condition: 'encrypted', ok: true, found: 'tls' },
        { condition: 'starttls', ok: false, found: 'tls' },
        { condition: 'auth=cram-md5', ok: false, found: 'PLAIN, LOGIN, XOAUTH2' },
        { condition: 'provider=EXAMPLE', ok: true, found: 'example' },
        { condition: 'port=465', ok: true, found: '465' },
        { condition: 'username=%EMAILADDRESS%', ok: true, found: 'you@example.com' },
        { condition: 'host=other.example', ok: false, found: 'smtp.example.com' },
      ],
    ]);
    expect(code).toBe(3);
  });

  it('has null where nothing is, and is empty for bad input and without conditions', async () => {
    const argv = ['--json', 'nowhere.example', 'no address'];
    const checked = await runFake(['--require', 'encrypted', '--expect', 'port=25', ...argv]);
    expect(checksOf(checked.stdout)).toEqual([
      [
        { condition: 'encrypted', ok: false, found: null },
        { condition: 'port=25', ok: false, found: null },
      ],
      [],
    ]);
    expect(checksOf((await runFake(argv)).stdout)).toEqual([[], []]);
  });

  it('follows the schema', async () => {
    const { stdout } = await runFake(['--json', '--require', 'verified,complete', 'a.example']);
    const path = new URL('../../../data/report.schema.json', import.meta.url);
    const validate = new Ajv({ strict: false }).compile(
      JSON.parse(readFileSync(path, 'utf8')) as object,
    );
    validate(JSON.parse(stdout));
    expect(validate.errors).toBeNull();
  });
});
