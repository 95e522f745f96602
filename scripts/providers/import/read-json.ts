import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addDomain, addServer, entry, patternOfRegex, type UpstreamEntry } from './entry.ts';

interface MailcoreServer {
  hostname?: string;
  port?: number;
  ssl?: boolean;
  starttls?: boolean;
}

function load<T>(folder: string, file: string): T {
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as T;
}

/** The three descendants of MailCore. */
export function readMailcore(
  folder: string,
  source: string,
  date: string,
  file = 'providers.json',
): UpstreamEntry[] {
  type Row = {
    'domain-match'?: string[];
    'mx-match'?: string[];
    servers?: { smtp?: MailcoreServer[] };
  };
  return Object.entries(load<Record<string, Row>>(folder, file)).map(([key, row]) => {
    const found = entry(source, key, date);
    for (const regex of row['domain-match'] ?? []) {
      const pattern = patternOfRegex(regex);
      if (pattern !== null) addDomain(found, pattern);
    }
    for (const regex of row['mx-match'] ?? []) {
      const pattern = patternOfRegex(regex);
      if (pattern !== null) found.mx.push(pattern);
    }
    for (const server of row.servers?.smtp ?? []) {
      addServer(found, {
        host: (server.hostname ?? '').replace('{domain}', '%EMAILDOMAIN%'),
        port: server.port ?? 0,
        encryption: server.ssl ? 'tls' : server.starttls ? 'starttls' : 'none',
        auth: [],
        username: null,
      });
    }
    return found;
  });
}

/** mailspring: settings by domain, or an alias of another one. */
export function readMailspring(folder: string, source: string, date: string): UpstreamEntry[] {
  type Row = {
    alias?: string;
    display_name?: string;
    smtp_host?: string;
    smtp_port?: string;
    smtp_security?: string;
    smtp_user_format?: string;
  };
  const rows = load<Record<string, Row>>(folder, 'mailspring-provider-settings.json');
  return Object.entries(rows).flatMap(([key, own]) => {
    let row: Row | undefined = own;
    for (let hops = 0; row?.alias !== undefined && hops < 5; hops++) row = rows[row.alias];
    if (row?.smtp_host === undefined) return [];
    const found = entry(source, key, date);
    found.name = row.display_name ?? key;
    addDomain(found, key);
    addServer(found, {
      host: row.smtp_host,
      port: Number(row.smtp_port),
      encryption:
        row.smtp_security === 'SSL / TLS'
          ? 'tls'
          : row.smtp_security === 'STARTTLS'
            ? 'starttls'
            : 'none',
      auth: [],
      username:
        row.smtp_user_format === 'email'
          ? '%EMAILADDRESS%'
          : row.smtp_user_format === 'email-without-domain'
            ? '%EMAILLOCALPART%'
            : null,
    });
    return [found];
  });
}

/** nodemailer: one well-known service a row. */
export function readNodemailer(folder: string, source: string, date: string): UpstreamEntry[] {
  type Row = { host?: string; port?: number; secure?: boolean; domains?: string[] };
  return Object.entries(load<Record<string, Row>>(folder, 'services.json')).map(([key, row]) => {
    const found = entry(source, key, date);
    for (const domain of row.domains ?? []) addDomain(found, domain);
    const port = row.port ?? (row.secure ? 465 : 587);
    addServer(found, {
      host: row.host ?? '',
      port,
      encryption: row.secure || port === 465 ? 'tls' : 'starttls',
      auth: [],
      username: null,
    });
    return found;
  });
}

/** close-sync-engine: id → one server; the domains include customers' own. */
export function readClose(folder: string, source: string, date: string): UpstreamEntry[] {
  type Row = { smtp?: [string, number]; domains?: string[]; mx_servers?: string[] };
  return Object.entries(load<Record<string, Row>>(folder, 'providers.json')).map(([key, row]) => {
    const found = entry(source, key, date);
    for (const domain of row.domains ?? []) addDomain(found, domain);
    found.mx.push(...(row.mx_servers ?? []).map((m) => m.replace(/\[\d-\d\]/g, '*').toLowerCase()));
    const [host, port] = row.smtp ?? ['', 0];
    addServer(found, {
      host,
      port,
      encryption: port === 465 ? 'tls' : 'starttls',
      auth: [],
      username: null,
    });
    return found;
  });
}

/** mxsniff: names mail hosts by MX, knows no settings. */
export function readMxsniff(folder: string, source: string, date: string): UpstreamEntry[] {
  type Row = { mx?: string[]; domains?: string[]; title?: string };
  return Object.entries(load<Record<string, Row>>(folder, 'providers.json')).map(([key, row]) => {
    const found = entry(source, key, date);
    found.name = row.title ?? key;
    for (const domain of row.domains ?? []) addDomain(found, domain);
    found.mx.push(...(row.mx ?? []));
    return found;
  });
}

/** email-provider-links: names providers by domain and MX suffix, knows no settings. */
export function readLinks(folder: string, source: string, date: string): UpstreamEntry[] {
  type Row = { id: string; companyProvider?: string; domains?: string[]; mx?: string[] };
  const { providers } = load<{ providers: Row[] }>(folder, 'emailproviders.json');
  return providers.map((row) => {
    const found = entry(source, row.id, date);
    found.name = row.companyProvider ?? row.id;
    for (const domain of row.domains ?? []) addDomain(found, domain);
    found.mx.push(...(row.mx ?? []).map((suffix) => suffix.toLowerCase()));
    return found;
  });
}

/** free-email-domains: a list of names and nothing else. */
export function readFreeDomains(folder: string, source: string, date: string): UpstreamEntry[] {
  const found = entry(source, 'all', date);
  for (const domain of load<string[]>(folder, 'domains.json')) addDomain(found, domain);
  return [found];
}
