/** A provider file as it stands in data/providers, and its one spelling. */
export interface ProviderFile {
  $schema: '../provider.schema.json';
  id: string;
  name: string;
  kind: 'mailbox' | 'relay' | 'gateway' | 'hosting';
  family?: string;
  domains: string[];
  subdomains?: string[];
  mx: { pattern: string; proves: 'mailbox' | 'gateway' | 'rented' }[];
  discovery?: string[];
  spf?: string[];
  dkim?: { selector: string; target: string | null }[];
  hostedBy?: string[];
  servers: {
    host: string;
    port: number;
    encryption: 'tls' | 'starttls' | 'none';
    auth: string[];
    username: string | null;
  }[];
  notes: { code: string; when?: 'always' | 'two-factor'; date?: string; message: string }[];
  documentation: string | null;
  links?: { enable?: string; appPassword?: string; oauthRegistration?: string };
  oauth: {
    issuer: string | null;
    authorizationEndpoint: string | null;
    tokenEndpoint: string | null;
    scopes: string[];
    deviceAuthorizationEndpoint: string | null;
    pkce: boolean | null;
    registration: 'open' | 'approval' | 'closed' | null;
  } | null;
  doubts?: string[];
  odd?: string;
  ownDomains?: { username: string | null; message: string | null };
  aliases?: string[];
  facts: Fact[];
}

/** Who states what of a file; `data/provider.schema.json` tells what `of` may hold. */
export interface Fact {
  source: string;
  of: string[];
  /** Of `own`: a page, or `experience`. */
  from?: string;
  /** YYYY-MM. */
  confirmed: string;
}

const KEYS: readonly (keyof ProviderFile)[] = [
  '$schema',
  'id',
  'name',
  'kind',
  'family',
  'aliases',
  'domains',
  'subdomains',
  'mx',
  'discovery',
  'spf',
  'dkim',
  'hostedBy',
  'servers',
  'odd',
  'ownDomains',
  'notes',
  'documentation',
  'links',
  'oauth',
  'doubts',
  'facts',
];

/** Names in the order that diffs best: by the whole name. */
export function sortNames(names: Iterable<string>): string[] {
  return [...new Set(names)].sort();
}

/** The file's text: keys in one order, sets sorted, one item a line so that diffs read well. */
export function formatProvider(provider: ProviderFile): string {
  const sorted: ProviderFile = {
    ...provider,
    domains: sortNames(provider.domains),
    mx: [...provider.mx].sort((a, b) => (a.pattern < b.pattern ? -1 : 1)),
    facts: provider.facts.map(factInOrder).sort((a, b) => (factName(a) < factName(b) ? -1 : 1)),
    notes: provider.notes.map(({ code, when, date, message }) => ({
      code,
      ...(when && { when }),
      ...(date && { date }),
      message,
    })),
    oauth: provider.oauth && oauthInOrder(provider.oauth),
    ...(provider.subdomains ? { subdomains: sortNames(provider.subdomains) } : {}),
    ...(provider.aliases ? { aliases: sortNames(provider.aliases) } : {}),
    ...(provider.discovery ? { discovery: sortNames(provider.discovery) } : {}),
    ...(provider.spf ? { spf: sortNames(provider.spf) } : {}),
    ...(provider.dkim ? { dkim: [...provider.dkim].sort(bySelector) } : {}),
    ...(provider.hostedBy ? { hostedBy: sortNames(provider.hostedBy) } : {}),
  };
  const lines = KEYS.flatMap((key) =>
    sorted[key] === undefined ? [] : [`  "${key}": ${formatValue(sorted[key])}`],
  );
  return `{\n${lines.join(',\n')}\n}\n`;
}

type OAuth = NonNullable<ProviderFile['oauth']>;

function oauthInOrder(oauth: OAuth): OAuth {
  const { issuer, authorizationEndpoint, tokenEndpoint, scopes } = oauth;
  const { deviceAuthorizationEndpoint, pkce, registration } = oauth;
  return {
    issuer,
    authorizationEndpoint,
    tokenEndpoint,
    deviceAuthorizationEndpoint,
    pkce,
    registration,
    scopes,
  };
}

function factInOrder({ source, of, from, confirmed }: Fact): Fact {
  return { source, of: sortNames(of), ...(from && { from }), confirmed };
}

function factName({ source, from = '', of }: Fact): string {
  return [source, from, ...of].join(' ');
}

type Selector = NonNullable<ProviderFile['dkim']>[number];

function bySelector(a: Selector, b: Selector): number {
  const [one, other] = [a, b].map(({ selector, target }) => `${selector} ${target ?? ''}`);
  return (one ?? '') < (other ?? '') ? -1 : 1;
}

function formatValue(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) return oneLine(value);
  return `[\n${value.map((item) => `    ${oneLine(item)}`).join(',\n')}\n  ]`;
}

/** JSON on one line, with spaces. */
export function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).map(([key, item]) => `"${key}": ${oneLine(item)}`);
    return `{ ${pairs.join(', ')} }`;
  }
  return JSON.stringify(value);
}
