/** What every upstream format is read into: facts only, never prose. */
export interface UpstreamServer {
  host: string;
  port: number;
  encryption: 'tls' | 'starttls' | 'none';
  /** SASL mechanisms, where the source states them. */
  auth: string[];
  /** A template in our placeholders, or null where the source is silent. */
  username: string | null;
}

export interface UpstreamEntry {
  source: string;
  key: string;
  name: string;
  /** Literal domains. */
  domains: string[];
  /** Domain patterns such as `yahoo.*`, to be tried on known domains only. */
  wildcards: string[];
  /** MX host patterns in our grammar. */
  mx: string[];
  servers: UpstreamServer[];
  /** YYYY-MM in which the entry was last changed or confirmed, as far as the source tells. */
  confirmed: string;
  /** False where only the whole list's date is known, although its entries have their own. */
  dated: boolean;
  /** Codes of notes that the source has for the entry. */
  notes: string[];
  /** A page of the provider's that the source names. */
  documentation: string | null;
  /** The source says that there is no usable submission. */
  broken: boolean;
}

export function entry(source: string, key: string, confirmed: string): UpstreamEntry {
  return {
    source,
    key,
    name: key,
    domains: [],
    wildcards: [],
    mx: [],
    servers: [],
    confirmed,
    dated: true,
    notes: [],
    documentation: null,
    broken: false,
  };
}

/** Adds a server once, refusing what is no host name at all. */
export function addServer(to: UpstreamEntry, server: UpstreamServer): void {
  const host = server.host.trim().toLowerCase().replace(/\.$/, '');
  const named = /^(?:%EMAILDOMAIN%|[a-z0-9-]+)(?:\.(?:%EMAILDOMAIN%|[a-z0-9-]+))+$/i;
  const restored = host.replace('%emaildomain%', '%EMAILDOMAIN%');
  if (!named.test(restored) || !(server.port > 0)) return;
  const same = to.servers.some(
    (s) => s.host === restored && s.port === server.port && s.encryption === server.encryption,
  );
  if (!same) to.servers.push({ ...server, host: restored });
}

/** Sorts a domain or pattern of a source into literals and wildcards. */
export function addDomain(to: UpstreamEntry, raw: string): void {
  const domain = raw.trim().toLowerCase().replace(/\.$/, '');
  if (domain === '' || domain.includes('%') || !domain.includes('.')) return;
  const list = /[*?]/.test(domain) ? to.wildcards : to.domains;
  if (!list.includes(domain)) list.push(domain);
}

/**
 * A regular expression of the kind these lists hold (`mx\d\.ovh\.net`, `yahoo\..*`) as a pattern
 * of host labels, or null when it says more than a pattern can.
 */
export function patternOfRegex(regex: string): string | null {
  const pattern = regex
    .replace(/^\^|\$$/g, '')
    .replace(/\(\\\.\)\?$/, '')
    .replace(/^\(\.\+\\\.\)\?/, '*.')
    .replace(/\\\./g, '\u0000')
    .replace(/\[0-9\][*+?]?|\\d[*+]?|\[\d-\d\]/g, '*')
    .replace(/\.[*+]/g, '*')
    .replace(/\./g, '\u0000')
    .replaceAll('\u0000', '.')
    .toLowerCase();
  if (!/^[a-z0-9*.-]+$/.test(pattern)) return null;
  return pattern;
}
