/** A case, and the words to write one in. */
import type { Expected } from '../expectation.ts';
import type { Client } from '../network.ts';

export interface Case {
  /** What is shown, as the end of "the program …". */
  readonly name: string;
  readonly query: string;
  readonly client?: Client;
  readonly args?: readonly string[];
  /** Trust the lab's authority by this, in place of `--cacert`; or not at all. */
  readonly trust?: 'SSL_CERT_FILE' | 'nobody';
  /** Log in with it. */
  readonly password?: string;
  readonly expected: Expected;
}

export const verified = (
  server: string,
  source: string,
  more: Partial<Expected> = {},
): Expected => ({
  exit: 0,
  status: 'verified',
  server,
  source,
  warnings: source.startsWith('srv') || source === 'guess' ? ['assumed-username'] : [],
  ...more,
});
export const unverified = (
  server: string,
  warnings: readonly string[],
  more: Partial<Expected> = {},
): Expected => ({ exit: 3, status: 'unverified', server, warnings, ...more });
export const notFound = (
  warnings: readonly string[] = [],
  more: Partial<Expected> = {},
): Expected => ({
  exit: 1,
  status: 'not-found',
  server: null,
  warnings,
  ...more,
});

/** About a domain that has one server, `out.DOMAIN`. */
export const tls = (domain: string): string => `out.${domain}:465 tls`;
export const startTls = (domain: string): string => `out.${domain}:587 starttls`;
export const ASSUMED = 'assumed-username';
