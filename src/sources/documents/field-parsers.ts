/** Parsers of single fields of published documents: a usable value, or null. */
import { normaliseHost } from '../../model/domain.ts';
import { printable } from '../../model/printable.ts';
import { parseUrl } from '../../model/url.ts';
import { fillDomain, normaliseTemplate, withoutPlaceholders } from '../../model/username.ts';

const MAX_URL = 2048;
const MAX_NAME = 400;
const MAX_USERNAME = 320; // a local part, an at sign and a domain (RFC 5321 §4.5.3.1)

/**
 * A host name as we use it; null when it is none. A name made of the local part is turned down: to
 * look it up would tell the address to every resolver on the way.
 *
 * @param domain takes the place of %EMAILDOMAIN%; null where a document knows no placeholders
 */
export function parseHost(text: string, domain: string | null): string | null {
  const host = domain === null ? text : fillDomain(text, domain);
  return host.includes('%') ? null : normaliseHost(host);
}

/** 1 to 65535; null for anything else. */
export function parsePort(text: string): number | null {
  if (!/^\d{1,5}$/.test(text)) return null;
  const port = Number(text);
  return port >= 1 && port <= 65535 ? port : null;
}

/**
 * A user name with the known placeholders in upper case; null when it says nothing, or holds a
 * placeholder that only its publisher could fill (`%USERNAME%` and the like).
 */
export function parseUsername(text: string): string | null {
  const name = normaliseTemplate(text.trim());
  if (name === '' || name.length > MAX_USERNAME || printable(name) !== name) return null;
  return /%[A-Z][A-Z0-9_-]*%/i.test(withoutPlaceholders(name)) ? null : name;
}

/** A web address to show to people; null when it is none. */
export function parseWebUrl(
  text: string,
  protocols: readonly string[] = ['https:', 'http:'],
): string | null {
  const url = text.length > MAX_URL ? null : parseUrl(text);
  if (url === null) return null;
  if (!protocols.includes(url.protocol) || url.username !== '' || url.password !== '') return null;
  return printable(url.href);
}

/** A name to show to people; null when it has no visible character. */
export function parseDisplayName(text: string): string | null {
  const name = printable(text, 60);
  return name === '' ? null : name;
}

/**
 * The name of a provider. What a template makes of the address, or of none, is no part of it:
 * `Groupware (%EMAILADDRESS%)` and `Groupware ()` are "Groupware", and a name that the address is
 * woven into is none.
 *
 * @param domain takes the place of %EMAILDOMAIN%
 */
export function parseProviderName(text: string, domain: string): string | null {
  const name = fillDomain(text.slice(0, MAX_NAME), domain)
    .replace(/[([{<]\s*(?:%EMAIL(?:ADDRESS|LOCALPART)%|@)?[^\p{L}\p{N}%]*[)\]}>]/giu, ' ')
    .replace(/^\s*%EMAIL(?:ADDRESS|LOCALPART)%\s*[-–—:|/,]\s/i, '')
    .replace(/\s(?:[-–—:|/,]\s*%EMAIL(?:ADDRESS|LOCALPART)%)\s*$/i, '')
    .replace(/\s+/g, ' ')
    .replace(/\s[-–—:|/,]\s*$/, '')
    .trim();
  return /[\p{L}\p{N}]/u.test(name) && !/%EMAIL/i.test(name) ? parseDisplayName(name) : null;
}

/** A field that can't be used, as a message shows it. */
export function quoted(text: string): string {
  return text === '' ? '(none)' : `"${printable(text, 60)}"`;
}
