import { describe, expect, it } from 'vitest';
import type { Ranked } from '../../src/engine/rank.ts';
import { parseQuery } from '../../src/model/query.ts';
import { because } from '../../src/report/because.ts';
import { GUESS_RANK } from '../../src/sources/order.ts';
import { candidate, precedenceAt } from '../engine/paper-facts.ts';

interface Traits {
  readonly verified?: boolean;
  readonly eligible?: boolean;
}

function server(
  endpoint: string,
  standing: readonly number[],
  { verified = false, eligible = true }: Traits = {},
): Ranked {
  return {
    candidate: candidate(endpoint, standing),
    probe: undefined,
    verified,
    verifiedAsNamed: verified,
    eligible,
    outdated: false,
    place: 'other',
    precedence: precedenceAt(standing),
  };
}

/** @param ranked best first */
function reasonFor(ranked: readonly Ranked[], probing = true): string | null {
  return because({
    query: parseQuery('you@example.com'),
    lookups: [],
    ranked,
    winner: ranked[0] ?? null,
    signIn: null,
    given: null,
    withoutSubmission: null,
    moved: null,
    deniedBy: null,
    probing,
    offline: false,
    durationMs: 0,
  });
}

const first = [3, 0, 0, 0, 0];
const second = [5, 0, 0, 0, 0];
const third = [7, 0, 0, 0, 0];

describe('why a server won', () => {
  it('is nothing to ask where none did', () => {
    expect(reasonFor([])).toBeNull();
  });

  it('is that it comes first, and was verified', () => {
    const ranked = [
      server('a.example.com:465', first, { verified: true }),
      server('b.example.com:465', second),
    ];
    expect(reasonFor(ranked)).toBe(
      'a.example.com:465 (SSL/TLS) comes first among the servers that were found, and was verified. It was found in the SRV records of example.com.',
    );
  });

  it.each([
    [[first], 'one that comes before it could not'],
    [[first, second], '2 that come before it could not'],
  ])('is that what comes before it could not be verified (%j)', (standings, words) => {
    const passed = standings.map((standing, i) => server(`${i}.example.com:465`, standing));
    const ranked = [server('c.example.com:465', third, { verified: true }), ...passed];
    expect(reasonFor(ranked)).toContain(`is the first server that could be verified; ${words}.`);
  });

  it('does not speak of servers that could not be the answer', () => {
    const replaced = server('b.example.com:587/none', first, { eligible: false });
    const better = server('b.example.com:587/starttls', [...first, 0], { verified: true });
    expect(reasonFor([better, replaced])).toBe(
      'b.example.com:587 (STARTTLS) comes first among the servers that were found, and was verified. It was found in the SRV records of example.com, and corrected by what the server said.',
    );
  });

  it('is that there is no other', () => {
    const advised = server('web17.hoster.example:465', [...first, 0], {
      verified: true,
      eligible: false,
    });
    expect(reasonFor([server('a.example.com:465', first), advised])).toContain(
      'is the only server that was found, and could not be verified.',
    );
  });

  it('is its place where none could be verified, or none was to be contacted', () => {
    const ranked = [server('a.example.com:465', first), server('b.example.com:465', second)];
    expect(reasonFor(ranked)).toContain('found; none could be verified. It was');
    expect(reasonFor(ranked, false)).toContain('found; none was contacted. It was');
  });

  it('says of a guess that it is one', () => {
    const ranked = [server('smtp.example.com:465', [GUESS_RANK, 0, 0, 0, 0], { verified: true })];
    expect(reasonFor(ranked)).toMatch(/It was guessed from the usual names under example\.com\.$/);
  });
});
