/** Which mechanisms and user names to try, and in what order. Pure. */
import {
  bestFirst,
  isPlaintextMechanism,
  mechanismNamed,
  type SecretKind,
} from '../sasl/mechanisms.ts';

/** Servers lock accounts out after a few failures. */
export const MAX_ATTEMPTS = 3;

export interface Pair {
  readonly mechanism: string;
  readonly username: string;
}

/** A pair that was tried. */
export interface Tried extends Pair {
  /** `unusable`: the mechanism does not work here, with whatever credentials. */
  readonly outcome: 'refused' | 'unusable';
  /** Whether the server may have counted it. */
  readonly counted: boolean;
}

/**
 * The mechanisms that the server offers and that we speak with this kind of secret.
 * @param wanted only these, in this order; default all, best first
 */
export function usableMechanisms(
  offered: readonly string[],
  kind: SecretKind,
  wanted: readonly string[] = bestFirst(offered),
): readonly string[] {
  return wanted
    .map((name) => name.toUpperCase())
    .filter((name) => {
      const mechanism = mechanismNamed(name);
      return offered.includes(name) && mechanism?.load && mechanism.takes === kind;
    });
}

/**
 * The best mechanism comes first. A server that refuses it may have nothing stored to check it with:
 * then comes a plaintext mechanism, whose refusal is conclusive, and only then the next user name.
 * @param usernames best first
 * @param mechanisms those that can be used, best first
 * @returns null when there is nothing left to try
 */
export function nextPair(
  usernames: readonly string[],
  mechanisms: readonly string[],
  tried: readonly Tried[],
): Pair | null {
  if (tried.filter(({ counted }) => counted).length >= MAX_ATTEMPTS) return null;
  const usable = mechanisms.filter(
    (name) => !tried.some(({ mechanism, outcome }) => mechanism === name && outcome === 'unusable'),
  );
  const refused = tried.filter(({ outcome }) => outcome === 'refused');
  const order = refused.length > 0 ? plaintextFirst(usable) : usable;
  // Without a plaintext mechanism, two refusals are enough for a name while others are untried.
  for (const most of [2, Number.POSITIVE_INFINITY]) {
    for (const username of usernames) {
      const before = refused.filter((pair) => pair.username === username);
      if (before.length >= most || before.some((pair) => isPlaintextMechanism(pair.mechanism)))
        continue;
      const mechanism = order.find((name) => !before.some((pair) => pair.mechanism === name));
      if (mechanism !== undefined) return { mechanism, username };
    }
  }
  return null;
}

function plaintextFirst(mechanisms: readonly string[]): readonly string[] {
  return [...mechanisms].sort(
    (a, b) => Number(isPlaintextMechanism(b)) - Number(isPlaintextMechanism(a)),
  );
}
