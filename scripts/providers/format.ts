/** A provider file as it stands in data/providers, and its one spelling. */
export interface ProviderFile {
  $schema: '../provider.schema.json';
  id: string;
  name: string;
  kind: 'mailbox' | 'relay' | 'gateway' | 'hosting';
  domains: string[];
  subdomains?: string[];
  mx: { pattern: string; proves: 'mailbox' | 'gateway' | 'rented' }[];
  hostedBy?: string[];
  servers: {
    host: string;
    port: number;
    encryption: 'tls' | 'starttls' | 'none';
    auth: string[];
    username: string | null;
  }[];
  notes: { code: string; message: string }[];
  documentation: string | null;
  oauth: {
    issuer: string | null;
    authorizationEndpoint: string | null;
    tokenEndpoint: string | null;
    scopes: string[];
  } | null;
  odd?: string;
  aliases?: string[];
  facts: { source: string; confirmed: string }[];
}

const KEYS: readonly (keyof ProviderFile)[] = [
  '$schema',
  'id',
  'name',
  'kind',
  'aliases',
  'domains',
  'subdomains',
  'mx',
  'hostedBy',
  'servers',
  'odd',
  'notes',
  'documentation',
  'oauth',
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
    facts: [...provider.facts].sort((a, b) => (a.source < b.source ? -1 : 1)),
    ...(provider.subdomains ? { subdomains: sortNames(provider.subdomains) } : {}),
    ...(provider.aliases ? { aliases: sortNames(provider.aliases) } : {}),
    ...(provider.hostedBy ? { hostedBy: sortNames(provider.hostedBy) } : {}),
  };
  const lines = KEYS.flatMap((key) =>
    sorted[key] === undefined ? [] : [`  "${key}": ${formatValue(sorted[key])}`],
  );
  return `{\n${lines.join(',\n')}\n}\n`;
}

function formatValue(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) return oneLine(value);
  return `[\n${value.map((item) => `    ${oneLine(item)}`).join(',\n')}\n  ]`;
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).map(([key, item]) => `"${key}": ${oneLine(item)}`);
    return `{ ${pairs.join(', ')} }`;
  }
  return JSON.stringify(value);
}
