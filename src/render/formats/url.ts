/** A connection URL, without a password. */
import type { Encryption } from '../../model/endpoint.ts';
import { type Account, bracketed } from './account.ts';
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
export function smtpUrl({ host, port, encryption, username }: Account): string {
  const scheme = encryption === 'tls' ? 'smtps' : 'smtp';
  return `${scheme}://${percentEncoded(username)}@${bracketed(host)}:${port}`;
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
