/** What the user typed, parsed: an address or a bare domain. */
import { isAddress, toALabels } from './domain.ts';
import { SmtpFindError } from './errors.ts';
import { printable } from './printable.ts';

export interface Query {
  /** As typed, without surrounding white space. */
  readonly input: string;
  /** The address with its domain as A-labels; null for a bare domain. */
  readonly email: string | null;
  /** As typed, quotes included (RFC 5321 §4.1.2); null for a bare domain. */
  readonly localPart: string | null;
  /** A-labels, lower case, no root dot. */
  readonly domain: string;
}

const MAX_LOCAL_PART = 64; // octets, RFC 5321 §4.5.3.1.1
const MAX_ADDRESS = 254; // octets; a path's 256 less the brackets, RFC 5321 §4.5.3.1.3
const MAX_INPUT = 1024; // characters; far beyond any valid address

// RFC 5321 §4.1.2 with the widening of RFC 6531 §3.3.
const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\-\\u0080-\\u{10ffff}]+";
const DOT_STRING = new RegExp(`^${ATOM}(?:\\.${ATOM})*$`, 'u');
const QUOTED_STRING = /^"(?:[ !#-[\]-~\u0080-\u{10ffff}]|\\[ -~])*"$/u;

/** Top-level names that no resolver may be asked about. */
const NOT_IN_DNS: ReadonlyMap<string, string> = new Map([
  ['onion', 'is a name of the Tor network, which the DNS is never asked about (RFC 7686)'],
  ['local', 'is a name of the local network, which the DNS is not asked about (RFC 6762)'],
]);

/** As in a message's header, or a link. */
const WRAPPED = /^(?:[^<>]*<|mailto:)([^<>@?"\s]+@[^<>@?\s]+)(?:>|\?.*)?$/i;

/**
 * @throws SmtpFindError `bad-input`, with a message of one line that says what is expected
 */
export function parseQuery(text: string): Query {
  const input = text.trim();
  if (input === '') throw bad('empty input: expected an address or a domain, like you@example.com');
  if (input.length > MAX_INPUT) {
    throw bad(`"${printable(input, 40)}" is too long for an address (${input.length} characters)`);
  }
  const inside = WRAPPED.exec(input)?.[1];
  if (inside !== undefined) {
    throw bad(`"${printable(input, 80)}" is more than an address: try ${printable(inside, 80)}`);
  }
  const at = input.lastIndexOf('@');
  if (at === -1) return { input, email: null, localPart: null, domain: parseDomain(input, input) };

  const localPart = input.slice(0, at);
  const domain = parseDomain(input.slice(at + 1), input);
  checkLocalPart(localPart, input);
  if (Buffer.byteLength(localPart) + 1 + domain.length > MAX_ADDRESS) {
    throw bad(`"${printable(input, 40)}" is longer than ${MAX_ADDRESS} bytes (RFC 5321)`);
  }
  return { input, email: `${localPart}@${domain}`, localPart, domain };
}

function parseDomain(text: string, input: string): string {
  const shown = printable(input, 80);
  if (text === '') throw bad(`"${shown}" has no domain after the @: expected you@example.com`);
  const bare = text.replace(/^\[(?:IPv6:)?(.*)\]$/i, '$1');
  if (isAddress(bare)) {
    throw bad(`"${shown}" names an IP address: expected a domain name, like you@example.com`);
  }
  const domain = toALabels(text);
  if (domain === null) {
    throw bad(
      `"${shown}" is not an address or a domain name: expected you@example.com or example.com`,
    );
  }
  if (!domain.includes('.')) {
    throw bad(`"${shown}" has no top-level domain: expected you@example.com or example.com`);
  }
  const elsewhere = NOT_IN_DNS.get(domain.slice(domain.lastIndexOf('.') + 1));
  if (elsewhere !== undefined) throw bad(`"${shown}" ${elsewhere}`);
  return domain;
}

function checkLocalPart(localPart: string, input: string): void {
  const shown = printable(input, 80);
  if (localPart === '') throw bad(`"${shown}" has nothing before the @: expected you@example.com`);
  if (Buffer.byteLength(localPart) > MAX_LOCAL_PART) {
    throw bad(`"${shown}" has more than ${MAX_LOCAL_PART} bytes before the @ (RFC 5321)`);
  }
  // Would be invisible, or turn what is shown around.
  if (printable(localPart) !== localPart.trim()) {
    throw bad(`"${shown}" has invisible or control characters before the @`);
  }
  if (DOT_STRING.test(localPart) || QUOTED_STRING.test(localPart)) return;
  const quoted = `"${localPart.replace(/["\\]/g, '\\$&')}"`;
  const hint = /^[^"@\\]*$/.test(localPart)
    ? `; if it is meant so, quote it: ${printable(quoted)}@…`
    : '';
  throw bad(`"${shown}" is not an address (RFC 5321)${hint}`);
}

function bad(message: string): SmtpFindError {
  return new SmtpFindError('bad-input', message);
}
