/** A server as a user names it: `HOST`, `HOST:PORT`, or the URL of one. */
import { type Encryption, hostPort, parseHostPort, parsePort } from './endpoint.ts';
import { SmtpFindError } from './errors.ts';
import { printable } from './printable.ts';

export interface NamedServer {
  /** A-labels or an IP address, lower case. */
  readonly host: string;
  /** Null for the usual ones. */
  readonly port: number | null;
  /** What a URL says; null leaves it to the port. */
  readonly encryption: Exclude<Encryption, 'none'> | null;
}

const URL_LIKE = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is;
const SCHEMES: Readonly<Record<string, NamedServer['encryption']>> = {
  smtp: null,
  submission: null,
  smtps: 'tls',
  submissions: 'tls',
};
/** `smtp.example.com 587`, `smtp.example.com, port 587` */
const APART = /^([^\s,;:@]+)[\s,;:]+(?:port\s*)?(\d+)$/i;
const EXAMPLE = 'smtp.example.com:587';

/**
 * IPv6 addresses with a port stand in brackets.
 * @throws SmtpFindError `bad-option`, with what may have been meant
 */
export function parseNamedServer(input: string): NamedServer {
  const text = input.trim();
  // It may hold a password, so it is not repeated.
  if (text.includes('@')) {
    throw bad('takes no @', `expected a host, like ${EXAMPLE}; your address goes without --server`);
  }
  const shown = `"${printable(text, 80)}"`;
  const [, scheme, rest = ''] = URL_LIKE.exec(text) ?? [];
  if (scheme === undefined) return { ...placeIn(text, shown), encryption: null };
  const place = rest.replace(/[/?#].*$/s, '');
  const encryption = SCHEMES[scheme.toLowerCase()];
  if (encryption === undefined) {
    const hint = parseHostPort(place) === null ? `like ${EXAMPLE}` : `try ${place}`;
    throw bad(shown, `expected a mail server, ${hint}`);
  }
  const { host, port } = placeIn(place, shown);
  return { host, port: port ?? (encryption === 'tls' ? 465 : null), encryption };
}

function placeIn(text: string, shown: string): { host: string; port: number | null } {
  const found = parseHostPort(text);
  if (found !== null) return found;
  const [, host = '', port = ''] = APART.exec(text) ?? [];
  const meant = parseHostPort(`${host}:${port}`);
  if (meant !== null && meant.port !== null) throw bad(shown, `try ${hostPort(host, port)}`);
  if (/^\[?[0-9a-f:.]+\]?:\d+$/i.test(text) && text.split(':').length > 2) {
    throw bad(shown, 'an IPv6 address with a port needs brackets, as in [2001:db8::1]:587');
  }
  const [, name = '', digits] = /^([^:]+):(\d+)$/.exec(text) ?? [];
  if (digits !== undefined && parsePort(digits) === null) {
    throw bad(shown, `expected a port from 1 to 65535, as in ${EXAMPLE}`);
  }
  if (digits !== undefined) {
    const host = printable(name, 80);
    throw bad(shown, `"${host}" is no host name and no IP address, expected one as in ${EXAMPLE}`);
  }
  throw bad(shown, `expected a host, or a host and a port, as in ${EXAMPLE}`);
}

function bad(what: string, hint: string): SmtpFindError {
  return new SmtpFindError('bad-option', `--server ${what}: ${hint}`);
}
