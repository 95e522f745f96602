/** Domain and host names: validity, A-labels and U-labels. */
import { isIP } from 'node:net';
import { domainToASCII, domainToUnicode } from 'node:url';

const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
/** SRV targets and MX hosts in the wild do hold underscores. */
const HOST_LABEL = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/;
const MAX_NAME = 253; // RFC 1035 §2.3.4, written without the root dot
const MAX_LABEL = 63;

/**
 * Whether a text is an IP address. Names are told apart beforehand: Node's own test compiles a
 * pattern for IPv6 that takes longer than all else here.
 */
export function isAddress(text: string): boolean {
  return /:|\d$/.test(text) && isIP(text) !== 0;
}

function labelsAre(name: string, pattern: RegExp): boolean {
  if (name.length === 0 || name.length > MAX_NAME) return false;
  return name.split('.').every((label) => label.length <= MAX_LABEL && pattern.test(label));
}

/**
 * The A-label form of a domain, lower case and without the root dot (RFC 5891);
 * null when it is no domain name.
 */
export function toALabels(text: string): string | null {
  const name = text.endsWith('.') ? text.slice(0, -1) : text;
  // The URL parser would decode these, or stop at them.
  if (name === '' || /[%\s/\\?#@:[\]<>]/.test(name)) return null;
  const ascii = domainToASCII(name).toLowerCase();
  if (!labelsAre(ascii, LABEL)) return null;
  // No top-level domain is all digits (RFC 3696 §2); such a name would be read as an address.
  return /(^|\.)\d+$/.test(ascii) ? null : ascii;
}

/** The form to show to people (U-labels). */
export function toULabels(domain: string): string {
  return domainToUnicode(domain) || domain;
}

/**
 * A host name somebody published, as we use it: A-labels or an IP address, lower case,
 * no root dot; null when it could be neither. Underscores are tolerated.
 */
export function normaliseHost(text: string): string | null {
  const host = text.trim().toLowerCase().replace(/\.$/, '');
  if (isAddress(host)) return host;
  if (labelsAre(host, HOST_LABEL)) return /(^|\.)\d+$/.test(host) ? null : host;
  return toALabels(host);
}
