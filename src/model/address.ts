/** The syntax of addresses and domains, strictly, and what is wrong with what is neither. */
import { isAddress, toALabels } from './domain.ts';
import { printable } from './printable.ts';

export interface Address {
  /** The address with its domain as A-labels; null for a bare domain. */
  readonly email: string | null;
  /** As typed, quotes included (RFC 5321 §4.1.2); null for a bare domain. */
  readonly localPart: string | null;
  /** A-labels, lower case, no root dot. */
  readonly domain: string;
}

export interface Trouble {
  /** Goes on after the text itself: `has no domain after the @`. */
  readonly what: string;
  readonly expected?: string;
  /** How to write it, should it be meant as it is. */
  readonly asQuoted?: string;
}

const MAX_LOCAL_PART = 64; // octets, RFC 5321 §4.5.3.1.1
const MAX_ADDRESS = 254; // octets; a path's 256 less the brackets, RFC 5321 §4.5.3.1.3

// RFC 5321 §4.1.2 with the widening of RFC 6531 §3.3.
const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\-\\u0080-\\u{10ffff}]+";
const DOT_STRING = new RegExp(`^${ATOM}(?:\\.${ATOM})*$`, 'u');
const QUOTED_STRING = /^"(?:[ !#-[\]-~\u0080-\u{10ffff}]|\\[ -~])*"$/u;
/** What a mailbox may be called; other signs are more likely a slip. */
const NAME = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}'&+_-]*$/u;
/** Two words at most, none of which ends like a label: `E-Mail: jane@x.example` is something else. */
const NAME_WITH_SPACE = /^(?:\S*[\p{L}\p{N}]\s+)?\S*\s*$/u;

/** Beyond ASCII, which may be in a local part by RFC 6531, and come from what corrects one's typing. */
export const QUOTATION_MARKS: RegExp = /[“”„‟«»]/gu;

/** Top-level names that no resolver may be asked about. */
const NOT_IN_DNS: ReadonlyMap<string, string> = new Map([
  ['onion', 'is a name of the Tor network, which the DNS is never asked about (RFC 7686)'],
  ['local', 'is a name of the local network, which the DNS is not asked about (RFC 6762)'],
]);

/** @param text without anything around it */
export function readAddress(text: string): Address | Trouble {
  const at = text.lastIndexOf('@');
  if (at === -1) {
    const domain = readDomain(text);
    if (typeof domain === 'string') return { email: null, localPart: null, domain };
    if (!NAME.test(text)) return domain;
    return {
      what: 'is only the part before the @, or a domain without its end',
      expected: `${printable(text, 40)}@example.com or example.com`,
    };
  }
  const localPart = text.slice(0, at);
  if (at === text.length - 1) {
    const isName = DOT_STRING.test(localPart);
    return {
      what: `has no domain after the @${isName ? ', it is only the part before it' : ''}`,
      expected: isName ? `${printable(localPart, 40)}@example.com` : 'you@example.com',
    };
  }
  const domain = readDomain(text.slice(at + 1));
  if (typeof domain !== 'string') return domain;
  const trouble = localPartTrouble(localPart);
  if (trouble) return trouble;
  if (Buffer.byteLength(localPart) + 1 + domain.length > MAX_ADDRESS) {
    return { what: `is longer than ${MAX_ADDRESS} bytes (RFC 5321)` };
  }
  return { email: `${localPart}@${domain}`, localPart, domain };
}

/** @param text without anything around it */
export function isAddressOrDomain(text: string): boolean {
  return 'domain' in readAddress(text);
}

function readDomain(text: string): string | Trouble {
  const literal = text.replace(/^\[(?:IPv6:)?(.*)\]$/i, '$1');
  if (isAddress(literal)) {
    return { what: 'names an IP address', expected: 'a domain name, like you@example.com' };
  }
  const domain = toALabels(text);
  if (domain === null) return { what: 'is not an address or a domain name' };
  if (!domain.includes('.')) return { what: 'has no top-level domain' };
  const elsewhere = NOT_IN_DNS.get(domain.slice(domain.lastIndexOf('.') + 1));
  return elsewhere === undefined ? domain : { what: elsewhere, expected: '' };
}

function localPartTrouble(localPart: string): Trouble | null {
  if (localPart === '') return { what: 'has nothing before the @' };
  if (Buffer.byteLength(localPart) > MAX_LOCAL_PART) {
    return { what: `has more than ${MAX_LOCAL_PART} bytes before the @ (RFC 5321)`, expected: '' };
  }
  // Would be invisible, or turn what is shown around.
  if (printable(localPart) !== localPart.trim()) {
    return { what: 'has invisible or control characters before the @', expected: '' };
  }
  if (localPart.search(QUOTATION_MARKS) !== -1) {
    return { what: 'has quotation marks before the @', expected: 'you@example.com' };
  }
  if (DOT_STRING.test(localPart) || QUOTED_STRING.test(localPart)) return null;
  const what = 'is not an address';
  if (!/^[^"@\\]*$/.test(localPart) || !NAME_WITH_SPACE.test(localPart)) return { what };
  return { what, asQuoted: printable(`"${localPart.replace(/["\\]/g, '\\$&')}"`) };
}
