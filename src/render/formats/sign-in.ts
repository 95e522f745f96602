/** How one program would sign in to an account: what the server offers meets what the program speaks. */
import type { Account } from './account.ts';

/** SASL mechanisms by IANA name. */
export interface Spoken {
  readonly program: string;
  readonly passwords: readonly string[];
  readonly tokens: readonly string[];
  /** Such as take neither. */
  readonly others?: readonly string[];
}

export interface SignIn {
  readonly takes: 'password' | 'token' | 'neither';
  /** Of that kind, and spoken on both sides, best first; empty when there is none, or nobody knows. */
  readonly mechanisms: readonly string[];
  /** The server is known to offer nothing that the program speaks. */
  readonly hopeless: boolean;
  readonly remarks: readonly string[];
}

const PASSWORD = /^(?:SCRAM-[A-Z0-9-]+|PLAIN|LOGIN|CRAM-MD5|DIGEST-MD5|NTLM)$/;
const TOKEN = /^(?:XOAUTH2|OAUTHBEARER)$/;

/** A password where both sides know what to do with one: a token takes a registered client. */
export function signInOf({ auth }: Account, spoken?: Spoken): SignIn {
  const passwords = auth.filter((name) => spoken?.passwords.includes(name) ?? PASSWORD.test(name));
  const tokens = auth.filter((name) => spoken?.tokens.includes(name) ?? TOKEN.test(name));
  const others = auth.filter((name) => spoken?.others?.includes(name));
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
    takes: auth.some((name) => TOKEN.test(name)) ? 'token' : 'password',
    mechanisms: [],
    hopeless: true,
    remarks: [`${spoken?.program ?? 'A password'} cannot sign in here: ${offered}`],
  };
}

function found(
  takes: SignIn['takes'],
  mechanisms: readonly string[],
  ...remarks: string[]
): SignIn {
  return { takes, mechanisms, hopeless: false, remarks };
}
