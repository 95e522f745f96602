/**
 * Domain names: validity, A-labels, registrable domains and parents.
 *
 * The private part of the public suffix list counts (`uk.com`, `github.io`): whoever registered
 * a name below such a suffix is a stranger to its neighbours.
 */
import { isIP } from 'node:net';
import { domainToASCII, domainToUnicode } from 'node:url';
import { getDomain } from 'tldts';

const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
/** SRV targets and MX hosts in the wild do hold underscores. */
const HOST_LABEL = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/;
const MAX_NAME = 253; // RFC 1035 §2.3.4, written without the root dot
const MAX_LABEL = 63;

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
  if (isIP(ascii) !== 0 || !labelsAre(ascii, LABEL)) return null;
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
  if (isIP(host) !== 0) return host;
  if (labelsAre(host, HOST_LABEL)) return /(^|\.)\d+$/.test(host) ? null : host;
  return toALabels(host);
}

/** The registrable domain of a name, or null when there is none (it is a public suffix, or an address). */
export function registrableDomain(name: string): string | null {
  return getDomain(name, { allowPrivateDomains: true, validateHostname: false });
}

/** Whether `host` lies in the same registrable domain as `domain`. */
export function inRegistrableDomain(host: string, domain: string): boolean {
  const base = registrableDomain(domain) ?? domain;
  return host === base || host.endsWith(`.${base}`);
}

/** The parents of a subdomain, nearest first, up to and including its registrable domain. */
export function parentsOf(domain: string): readonly string[] {
  const base = registrableDomain(domain);
  if (base === null || base === domain) return [];
  const parents: string[] = [];
  for (let name = domain; name !== base; ) {
    name = name.slice(name.indexOf('.') + 1);
    parents.push(name);
  }
  return parents;
}
