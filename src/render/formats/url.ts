/** A connection URL, without a password. */
import { type Encryption, hostPort } from '../../model/endpoint.ts';
import type { Account } from './account.ts';
import { createFormat, type Format } from './format.ts';

export const url: Format = createFormat({
  name: 'url',
  summary: 'connection URL: smtps:// or smtp://, without a password',
  comment: null,
  write: (account) => ({ remarks: [], lines: [connectionUrl(account)] }),
});

/** `smtp:` alone would take TLS or leave it: said to nodemailer, and to Symfony, in their words. */
const QUERIES: { readonly [E in Encryption]: string } = {
  tls: '',
  starttls: '/?requireTLS=true&require_tls=true',
  none: '/?ignoreTLS=true&auto_tls=false',
};

function connectionUrl(account: Account): string {
  return `${smtpUrl(account)}${QUERIES[account.encryption]}`;
}

/** Scheme, user name, host and port, which mutt takes as well. */
export function smtpUrl(account: Account): string {
  return `${account.encryption === 'tls' ? 'smtps' : 'smtp'}://${authority(account)}`;
}

/**
 * User name, host and port, as RFC 3986 §3.2 has them.
 * @param password percent-encoded
 */
export function authority({ host, port, username }: Account, password?: string): string {
  const user = percentEncoded(username) + (password === undefined ? '' : `:${password}`);
  return `${user}@${hostPort(host, port)}`;
}

/**
 * Leaves only what RFC 3986 §2.3 calls unreserved.
 * @param value without lone surrogates
 */
function percentEncoded(value: string): string {
  return encodeURIComponent(value).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
