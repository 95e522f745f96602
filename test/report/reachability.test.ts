import { describe, expect, it } from 'vitest';
import type { Discovery, LookupRecord } from '../../src/engine/discovery.ts';
import type { Candidate } from '../../src/model/candidate.ts';
import { parseQuery } from '../../src/model/query.ts';
import type { ProbeResult } from '../../src/probe/result.ts';
import { silentPorts } from '../../src/report/reachability.ts';
import { GUESS_RANK } from '../../src/sources/order.ts';
import { candidate, probeResult, refused } from '../engine/paper-facts.ts';

const SITE = '192.0.2.1';
const MAIL = '192.0.2.2';

const silent = (...tried: string[]): ProbeResult =>
  probeResult({
    outcome: 'timeout',
    stage: 'connect',
    reached: false,
    address: null,
    tls: null,
    auth: [],
    tried,
  });

const guessed = (endpoint: string): Candidate => candidate(endpoint, [GUESS_RANK, 0, 0]);
const published = (endpoint: string): Candidate => candidate(endpoint, [5, 0, 0]);

const theWeb: LookupRecord = {
  source: 'autoconfig',
  over: 'http',
  outcome: 'nothing',
  answer: { outcome: 'nothing', detail: '404' },
} as unknown as LookupRecord;

function seen(
  probes: readonly (readonly [Candidate, ProbeResult])[],
  lookups: readonly LookupRecord[] = [theWeb],
): ReturnType<typeof silentPorts> {
  const ranked = probes.map(([of, probe]) => ({ candidate: of, probe, verified: false }));
  const [first] = ranked;
  const winner = first?.candidate.evidence[0].published ? first : null;
  const query = parseQuery('you@example.com');
  return silentPorts({ query, lookups, ranked, winner } as unknown as Discovery);
}

describe('mail ports that are silent while the web answers', () => {
  const both = [
    [published('mx.example.com:465/tls'), silent(MAIL)],
    [published('mx.example.com:587/starttls'), silent(MAIL)],
  ] as const;

  it('are noticed where servers are published', () => {
    expect(seen(both)).toBe('published');
  });

  it('prove nothing when the web did not answer either', () => {
    expect(seen(both, [])).toBeNull();
  });

  it('prove nothing on one port alone', () => {
    expect(seen(both.slice(0, 1))).toBeNull();
  });

  it('prove nothing when one port of one host answers, be it with no', () => {
    expect(seen([...both, [guessed('mail.example.com:587/starttls'), refused]])).toBeNull();
  });

  it('are noticed where a name made up for mail exists', () => {
    const probes = [
      [guessed('smtp.example.com:465/tls'), silent(MAIL)],
      [guessed('smtp.example.com:587/starttls'), silent(MAIL)],
      [guessed('example.com:465/tls'), silent(SITE)],
      [guessed('example.com:587/starttls'), silent(SITE)],
    ] as const;
    expect(seen(probes)).toBe('guessed');
    expect(seen(probes.slice(0, 2))).toBe('guessed');
  });

  it('prove nothing when all names lead to the web site', () => {
    expect(
      seen([
        [guessed('smtp.example.com:465/tls'), silent(SITE)],
        [guessed('mail.example.com:587/starttls'), silent(SITE)],
        [guessed('example.com:465/tls'), silent(SITE)],
        [guessed('example.com:587/starttls'), silent(SITE)],
      ]),
    ).toBeNull();
  });

  it('prove nothing of mail exchangers, which may only receive', () => {
    expect(
      seen([
        [guessed('mx1.example.com:465/tls'), silent(MAIL)],
        [guessed('mx1.example.com:587/starttls'), silent(MAIL)],
        [guessed('example.com:465/tls'), silent(SITE)],
      ]),
    ).toBeNull();
  });
});
