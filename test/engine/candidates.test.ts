import { describe, expect, it } from 'vitest';
import { assemble, corrected, derive } from '../../src/engine/candidates.ts';
import type { LookupRecord } from '../../src/engine/discovery.ts';
import { rank } from '../../src/engine/rank.ts';
import { type Candidate, isAdvisory, type SourceName } from '../../src/model/candidate.ts';
import type { ProbeResult } from '../../src/probe/result.ts';
import { GUESS_RANK } from '../../src/sources/order.ts';
import { badCertificate, candidate, evidence, NOW, probeResult, refused } from './paper-facts.ts';

const published = [5, 0, 0, 0, 0];
const guessed = [GUESS_RANK, 0, 0, 0, 0];
const endpoints = (origin: Candidate, probe: ProbeResult): string[] =>
  derive(origin, probe).map(({ change, replaces }) => {
    const { host, port, encryption } = { ...origin, ...change };
    return `${host}:${port}/${encryption}${replaces ? ' replaces' : ''}`;
  });

it('port 465 is implicit TLS whatever was said', () => {
  expect(corrected(evidence('a.example:465/starttls', published).statement).encryption).toBe('tls');
  expect(corrected(evidence('a.example:465/none', published).statement).encryption).toBe('tls');
  expect(corrected(evidence('a.example:587/starttls', published).statement).encryption).toBe(
    'starttls',
  );
});

describe('what a probe teaches', () => {
  it('587 published as TLS is tried with STARTTLS when TLS fails there', () => {
    const at587 = candidate('a.example:587/tls', published);
    const failed = probeResult({ outcome: 'tls', stage: 'tls', auth: [], tls: null });
    expect(endpoints(at587, failed)).toEqual(['a.example:587/starttls']);
    const stalled = probeResult({ outcome: 'timeout', stage: 'tls', auth: [], tls: null });
    expect(endpoints(at587, stalled)).toEqual(['a.example:587/starttls']);
    expect(derive(at587, probeResult())).toEqual([]);
    expect(derive(at587, refused)).toEqual([]);
  });

  it('TLS that met plaintext SMTP is tried with STARTTLS, whatever the port', () => {
    const failed = { outcome: 'tls', stage: 'tls', auth: [], tls: null } as const;
    for (const port of [25, 465, 2525]) {
      const origin = candidate(`a.example:${port}/tls`, published);
      const plain = probeResult({ ...failed, speaksInstead: 'plaintext' });
      expect(endpoints(origin, plain)).toEqual([`a.example:${port}/starttls`]);
      expect(derive(origin, probeResult(failed))).toEqual([]);
    }
  });

  it('STARTTLS whose server speaks TLS at once is tried with TLS', () => {
    const origin = candidate('a.example:2465/starttls', published);
    const failed = probeResult({ outcome: 'tls', stage: 'banner', auth: [], tls: null });
    expect(endpoints(origin, { ...failed, speaksInstead: 'tls' })).toEqual(['a.example:2465/tls']);
    expect(derive(origin, failed)).toEqual([]);
  });

  it('plaintext that offers STARTTLS becomes STARTTLS', () => {
    const plain = candidate('a.example:25/none', published);
    expect(endpoints(plain, probeResult({ startTls: true, tls: null }))).toEqual([
      'a.example:25/starttls replaces',
    ]);
    expect(derive(plain, probeResult({ startTls: false, tls: null }))).toEqual([]);
  });

  it('a guess that offers AUTH only in the clear becomes plaintext; a published one does not', () => {
    const clear = probeResult({
      outcome: 'tls',
      startTls: false,
      auth: [],
      clearAuth: ['PLAIN'],
      tls: null,
    });
    expect(endpoints(candidate('g.example:587/starttls', guessed), clear)).toEqual([
      'g.example:587/none',
    ]);
    expect(derive(candidate('p.example:587/starttls', published), clear)).toEqual([]);
  });

  it('a certificate for another name of the same machine proposes that name for a guess', () => {
    const probe = { ...badCertificate('name'), alternateNames: ['server7.hoster.example'] };
    expect(endpoints(candidate('mail.example:465/tls', guessed), probe)).toEqual([
      'server7.hoster.example:465/tls',
    ]);
    const expired = { ...badCertificate('expired'), alternateNames: ['server7.hoster.example'] };
    expect(derive(candidate('mail.example:465/tls', guessed), expired)).toEqual([]);
  });
});

/** A source's answer that names servers at 587 without encryption, as two documents may. */
function lookup(source: SourceName, rank: number, username: string | null): LookupRecord {
  const { statement } = evidence('a.example:587/none', [rank]);
  return {
    source,
    via: source,
    subject: { domain: 'example.com', kind: 'self' },
    from: source,
    precedence: { rank, subject: 0, part: 0, place: 0 },
    over: 'http',
    outcome: 'found',
    answer: {
      outcome: 'found',
      statements: [{ ...statement, username }],
      channel: 'https',
      provider: null,
      detail: '',
    },
    detail: '',
    durationMs: 1,
  };
}

describe('the servers of one document', () => {
  const server = (endpoint: string) => evidence(endpoint, [5]).statement;
  const document = (...servers: string[]): LookupRecord => {
    const record = lookup('autoconfig', 5, null);
    const { answer } = record;
    if (answer?.outcome !== 'found') throw new Error('it was found');
    return { ...record, answer: { ...answer, statements: servers.map(server) } };
  };
  const cases: [string, string[], string[]][] = [
    ['465 before 25', ['a:25/starttls', 'a:465/tls'], ['a:465/tls', 'a:25/starttls']],
    ['587 before 25', ['a:25/starttls', 'a:587/starttls'], ['a:587/starttls', 'a:25/starttls']],
    ['plain on 25 (grommunio)', ['a:25/none', 'a:587/starttls'], ['a:587/starttls', 'a:25/none']],
    ['other ports as listed', ['a:2525/starttls', 'a:465/tls'], ['a:2525/starttls', 'a:465/tls']],
    [
      'more of them as listed',
      ['a:25/starttls', 'b:587/starttls', 'c:25/starttls', 'd:465/tls'],
      ['b:587/starttls', 'd:465/tls', 'a:25/starttls', 'c:25/starttls'],
    ],
  ];
  it.each(cases)('stand in order: %s', (_, listed, expected) => {
    const { candidates } = assemble([document(...listed)], new Map(), () => false);
    const order = rank(candidates.values(), new Map(), new Set(), NOW);
    expect(order.map(({ candidate }) => candidate.key)).toEqual(expected);
  });

  it('keep that order when what is plain turns out to offer STARTTLS', () => {
    const probes = new Map([
      ['a:25/none', probeResult({ startTls: true, tls: null })],
      ['a:25/starttls', probeResult()],
      ['a:587/starttls', probeResult()],
    ]);
    const record = document('a:25/none', 'a:587/starttls');
    const { candidates, superseded } = assemble([record], probes, () => false);
    const [best] = rank(candidates.values(), probes, superseded, NOW);
    expect(best?.candidate.key).toBe('a:587/starttls');
  });
});

describe('what is derived from several statements', () => {
  const plain = probeResult({ startTls: true, tls: null });

  it('leaves each source its own words', () => {
    const lookups = [lookup('autoconfig', 5, null), lookup('mailconf', 9, '%EMAILLOCALPART%')];
    const probes = new Map([['a.example:587/none', plain]]);
    const { candidates } = assemble(lookups, probes, () => false);
    const derived = candidates.get('a.example:587/starttls');
    expect(derived?.evidence.map((item) => [item.source, item.statement.username])).toEqual([
      ['autoconfig', null],
      ['mailconf', '%EMAILLOCALPART%'],
    ]);
  });

  it('recommends another name of the machine, and puts it in the place of a guess only', () => {
    const other = { ...badCertificate('name'), alternateNames: ['server7.hoster.example'] };
    const probes = new Map([['a.example:587/none', other]]);
    const advisory = (record: LookupRecord): boolean[] =>
      [...assemble([record], probes, () => false).candidates.values()].flatMap((item) =>
        item.host === 'server7.hoster.example' ? item.evidence.map(isAdvisory) : [],
      );
    expect(advisory(lookup('guess', GUESS_RANK, null))).toEqual([false]);
    // Whoever forges an address has a certificate for some name, too.
    expect(advisory(lookup('autoconfig', 5, null))).toEqual([true]);
  });
});
