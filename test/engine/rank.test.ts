import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDecided, rank } from '../../src/engine/rank.ts';
import type { Candidate } from '../../src/model/candidate.ts';
import type { ProbeResult } from '../../src/probe/result.ts';
import { GUESS_RANK } from '../../src/sources/order.ts';
import {
  badCertificate,
  candidate,
  NOW,
  precedenceAt,
  probeResult,
  refused,
} from './paper-facts.ts';

const none: ReadonlySet<string> = new Set();

function order(
  entries: readonly (readonly [Candidate, ProbeResult | undefined])[],
  superseded: ReadonlySet<string> = none,
): string[] {
  const probes = new Map(entries.flatMap(([c, p]) => (p ? [[c.key, p] as const] : [])));
  return rank(
    entries.map(([c]) => c),
    probes,
    superseded,
    NOW,
  ).map((item) => (item.eligible ? item.candidate.key : `(${item.candidate.key})`));
}

const a = candidate('a.example:465/tls', [3, 0, 0, 0, 0]);
const a2 = candidate('a2.example:587/starttls', [3, 0, 0, 0, 1]);
const b = candidate('b.example:465/tls', [5, 0, 0, 0, 0]);
const g = candidate('smtp.example:465/tls', [GUESS_RANK, 0, 0, 0, 0]);

/** What a probe has proposed in place of a guessed host. */
function alternate(endpoint: string, steps: readonly number[]): Candidate {
  const proposed = candidate(endpoint, steps);
  return { ...proposed, evidence: [{ ...proposed.evidence[0], alternateName: true }] };
}

describe('the order of candidates', () => {
  it('puts verified before everything', () => {
    expect(
      order([
        [a, refused],
        [b, refused],
        [g, probeResult()],
      ])[0],
    ).toBe(g.key);
    expect(
      order([
        [a, refused],
        [b, probeResult()],
      ])[0],
    ).toBe(b.key);
  });

  it('puts another name of a machine behind every server verified under its own name', () => {
    const origin = candidate('mail.example:465/tls', [GUESS_RANK, 0, 0, 0, 0]);
    const other = alternate('neighbour.example:465/tls', [GUESS_RANK, 0, 0, 0, 0, 0]);
    const own = candidate('smtp.example:587/starttls', [GUESS_RANK, 0, 0, 1, 1]);
    const entries = [
      [origin, badCertificate('name')],
      [other, probeResult()],
      [own, probeResult()],
    ] as const;
    expect(order(entries)[0]).toBe(own.key);
    expect(order(entries.slice(0, 2))[0]).toBe(other.key);
  });

  it('follows the rank among the verified', () => {
    expect(
      order([
        [g, probeResult()],
        [b, probeResult()],
        [a, probeResult()],
      ]),
    ).toEqual([a.key, b.key, g.key]);
  });

  it('puts published before guessed when none is verified', () => {
    expect(
      order([
        [g, badCertificate('expired')],
        [b, refused],
      ]),
    ).toEqual([b.key, g.key]);
  });

  it('puts the reachable first within one source only', () => {
    expect(
      order([
        [a, refused],
        [a2, badCertificate('name')],
        [b, badCertificate('name')],
      ]),
    ).toEqual([a2.key, a.key, b.key]);
  });

  describe('puts port 25 behind the other ports of its rank', () => {
    const at25 = candidate('a.example:25/starttls', [3, 0, 0, 0, 0]);
    const at587 = candidate('a.example:587/starttls', [3, 0, 0, 0, 1]);
    const elsewhere = candidate('b.example:465/tls', [3, 0, 0, 1, 0]);
    const plain587 = candidate('a.example:587/none', [3, 0, 0, 0, 1]);
    const plain25 = candidate('a.example:25/none', [3, 0, 0, 0, 0]);
    const cases: [string, Parameters<typeof order>[0], Candidate[]][] = [
      [
        'verified',
        [
          [at25, probeResult()],
          [at587, probeResult()],
        ],
        [at587, at25],
      ],
      [
        'not probed',
        [
          [at25, undefined],
          [at587, undefined],
        ],
        [at587, at25],
      ],
      [
        'unreachable',
        [
          [at25, badCertificate('name')],
          [at587, refused],
        ],
        [at587, at25],
      ],
      [
        'of another place',
        [
          [at25, probeResult()],
          [elsewhere, probeResult()],
        ],
        [elsewhere, at25],
      ],
      [
        'but verified before not',
        [
          [at25, probeResult()],
          [at587, refused],
        ],
        [at25, at587],
      ],
      [
        'but the rank counts more',
        [
          [at25, probeResult()],
          [b, probeResult()],
        ],
        [at25, b],
      ],
      [
        'but encryption counts more',
        [
          [at25, refused],
          [plain587, refused],
        ],
        [at25, plain587],
      ],
      [
        'also without encryption',
        [
          [plain25, refused],
          [plain587, refused],
        ],
        [plain587, plain25],
      ],
    ];
    it.each(cases)('%s', (_, entries, expected) => {
      expect(order(entries)).toEqual(expected.map(({ key }) => key));
    });
  });

  it('never makes a guess the answer that showed no AUTH', () => {
    expect(order([[g, probeResult({ outcome: 'no-auth', auth: [] })]])).toEqual([`(${g.key})`]);
    expect(order([[g, undefined]])).toEqual([`(${g.key})`]);
  });

  it('never calls plaintext verified, nor outdated TLS', () => {
    const plain = candidate('p.example:25/none', [3, 0, 0, 0, 0]);
    const probes = new Map([[plain.key, probeResult()]]);
    expect(rank([plain], probes, none, NOW)[0]).toMatchObject({ verified: false, eligible: true });
    const outdated = new Map([[a.key, probeResult({ outdatedTls: true })]]);
    expect(rank([a], outdated, none, NOW)[0]).toMatchObject({ verified: false });
  });

  it('does not depend on the order in which candidates came', () => {
    const probes = [undefined, refused, probeResult(), badCertificate('untrusted')];
    const someEntries = fc.array(
      fc.record({
        host: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
        rankOf: fc.constantFrom(1, 3, 5, GUESS_RANK),
        probe: fc.constantFrom(...probes),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(someEntries, fc.infiniteStream(fc.nat()), (entries, shuffle) => {
        const items = entries.map(
          ({ host, rankOf, probe }, i) =>
            [candidate(`${host}${i}.example:465/tls`, [rankOf, 0, 0, 0, 0]), probe] as const,
        );
        const shuffled = [...items]
          .map((item) => ({ item, at: shuffle.next().value ?? 0 }))
          .sort((x, y) => x.at - y.at)
          .map(({ item }) => item);
        expect(order(shuffled)).toEqual(order(items));
      }),
    );
  });
});

describe('the decision', () => {
  const ranked = (entries: readonly (readonly [Candidate, ProbeResult | undefined])[]) =>
    rank(
      entries.map(([c]) => c),
      new Map(entries.flatMap(([c, p]) => (p ? [[c.key, p] as const] : []))),
      none,
      NOW,
    );

  it('stands when nothing that is pending ranks above a verified head', () => {
    const head = ranked([[b, probeResult()]]);
    expect(isDecided(head, { lookups: [precedenceAt([7, 0, 0, 0])], probes: [] }, true)).toBe(true);
    expect(isDecided(head, { lookups: [precedenceAt([5, 0, 0, 1])], probes: [] }, true)).toBe(true);
    expect(isDecided(head, { lookups: [precedenceAt([4, 0, 0, 0])], probes: [] }, true)).toBe(
      false,
    );
    expect(isDecided(head, { lookups: [], probes: [precedenceAt([3, 0, 0, 0, 0])] }, true)).toBe(
      false,
    );
  });

  it('waits for the other ports of its rank while the head is at port 25', () => {
    const at25 = candidate('a.example:25/starttls', [3, 0, 0, 0, 0]);
    const head = ranked([[at25, probeResult()]]);
    for (const pending of [
      [3, 0, 0, 0, 1],
      [3, 0, 0, 1, 0],
    ]) {
      const probes = [precedenceAt(pending)];
      expect(isDecided(head, { lookups: [], probes }, true)).toBe(false);
    }
    const document = precedenceAt([3, 0, 0, 1]);
    expect(isDecided(head, { lookups: [document], probes: [] }, true)).toBe(false);
    const later = precedenceAt([4, 0, 0, 0]);
    expect(isDecided(head, { lookups: [later], probes: [] }, true)).toBe(true);
    const other = { ...precedenceAt([3, 0, 0, 0, 1]), port25: true };
    expect(isDecided(head, { lookups: [], probes: [other] }, true)).toBe(true);
  });

  it('waits for everything while the head is not verified', () => {
    const head = ranked([[a, refused]]);
    expect(
      isDecided(head, { lookups: [precedenceAt([GUESS_RANK, 0, 0, 0])], probes: [] }, true),
    ).toBe(false);
    expect(isDecided(head, { lookups: [], probes: [] }, true)).toBe(true);
  });

  it('waits for everything while the head goes by another name of the machine', () => {
    const head = ranked([[alternate('neighbour.example:465/tls', [3, 0, 0, 0, 0]), probeResult()]]);
    const later = precedenceAt([GUESS_RANK, 0, 0, 0, 0]);
    expect(isDecided(head, { lookups: [], probes: [later] }, true)).toBe(false);
    expect(isDecided(head, { lookups: [], probes: [] }, true)).toBe(true);
  });

  it('needs no probe when none is wanted', () => {
    expect(
      isDecided(
        ranked([[a, undefined]]),
        { lookups: [precedenceAt([5, 0, 0, 0])], probes: [] },
        false,
      ),
    ).toBe(true);
  });
});
