/** How one program would sign in to an account: what the server offers meets what the program speaks. */
import { mechanismNamed } from '../../sasl/mechanisms.ts';
import type { Account } from './account.ts';

/** A program, and the SASL mechanisms that it speaks, by IANA name. */
export interface Program {
  readonly name: string;
  readonly speaks: readonly string[];
}

export interface SignIn {
  readonly takes: 'password' | 'token' | 'neither';
  /** Of that kind, and spoken on both sides, best first; empty when there is none, or nobody knows. */
  readonly mechanisms: readonly string[];
  /** The server is known to offer nothing that the program speaks. */
  readonly hopeless: boolean;
  readonly remarks: readonly string[];
}

/**
 * A password where both sides know what to do with one: a token takes a registered client.
 * @param program default one that speaks whatever takes a password or a token
 */
export function signInOf({ auth }: Account, program?: Program): SignIn {
  const taking = (kind: 'password' | 'token'): readonly string[] =>
    auth.filter((name) => mechanismNamed(name)?.takes === kind);
  const isSpoken = (name: string): boolean => program?.speaks.includes(name) ?? true;
  const passwords = taking('password').filter(isSpoken);
  const tokens = taking('token').filter(isSpoken);
  const others = auth.filter((name) => program?.speaks.includes(name));
  if (passwords.length > 0 || auth.length === 0) return found('password', passwords);
  if (tokens.length > 0) {
    return found(
      'token',
      tokens,
      'Sign-in takes an OAuth 2.0 access token in place of a password.',
    );
  }
  if (others.length > 0) return found('neither', others);
  const offered = `the server takes only ${auth.join(', ')}.`;
  return {
    takes: taking('token').length > 0 ? 'token' : 'password',
    mechanisms: [],
    hopeless: true,
    remarks: [`${program?.name ?? 'A password'} cannot sign in here: ${offered}`],
  };
}

function found(
  takes: SignIn['takes'],
  mechanisms: readonly string[],
  ...remarks: string[]
): SignIn {
  return { takes, mechanisms, hopeless: false, remarks };
}
