import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import { addDomain, addServer, entry, patternOfRegex, type UpstreamEntry } from './entry.ts';

type Node = Record<string, unknown>;

const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false });

function list(value: unknown): Node[] {
  const all = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return all.map((item) => (typeof item === 'object' && item !== null ? item : { '#text': item }));
}

function text(value: unknown): string {
  if (Array.isArray(value)) return text(value[0]);
  if (typeof value === 'object' && value !== null) return text((value as Node)['#text']);
  return typeof value === 'string' ? value.trim() : '';
}

const ISPDB_AUTH: Record<string, string[]> = {
  'password-cleartext': ['PLAIN', 'LOGIN'],
  'password-encrypted': ['CRAM-MD5'],
  OAuth2: ['XOAUTH2'],
  NTLM: ['NTLM'],
  GSSAPI: ['GSSAPI'],
};

/** YYYY-MM of the last commit that changed a file; null where the folder is no git checkout. */
function lastChange(file: string): string | null {
  const { status, stdout } = spawnSync('git', ['log', '-1', '--format=%cs', '--', basename(file)], {
    cwd: dirname(file),
    encoding: 'utf8',
  });
  return status === 0 && /^20\d\d-\d\d-/.test(stdout) ? stdout.slice(0, 7) : null;
}

/** thunderbird-ispdb: one clientConfig per file, whose own history tells its age. */
export function readIspdb(folder: string, source: string, date: string): UpstreamEntry[] {
  const files = readdirSync(join(folder, 'ispdb')).filter((f) => f.endsWith('.xml'));
  return files.sort().flatMap((file) => {
    const root = parser.parse(readFileSync(join(folder, 'ispdb', file), 'utf8')) as Node;
    const config = list(root.clientConfig)[0] ?? {};
    const changed = lastChange(join(folder, 'ispdb', file));
    return list(config.emailProvider).map((provider) => {
      const found = entry(source, file.replace(/\.xml$/, ''), date);
      found.confirmed = changed ?? date;
      found.dated = changed !== null;
      if (provider.enable !== undefined) found.notes.push('enable-smtp-access');
      found.documentation = text(list(provider.documentation)[0]?.['@_url']) || null;
      found.name = text(provider.displayShortName) || text(provider.displayName) || found.key;
      for (const domain of list(provider.domain)) addDomain(found, text(domain));
      for (const server of list(provider.outgoingServer)) {
        const socket = text(server.socketType).toUpperCase();
        addServer(found, {
          host: text(server.hostname),
          port: Number(text(server.port)),
          encryption: socket === 'SSL' ? 'tls' : socket === 'STARTTLS' ? 'starttls' : 'none',
          auth: list(server.authentication).flatMap((a) => ISPDB_AUTH[text(a)] ?? []),
          username: text(server.username) || null,
        });
      }
      return found;
    });
  });
}

/** fairemail: regular expressions with doubled backslashes. */
export function readFairemail(folder: string, source: string, date: string): UpstreamEntry[] {
  const root = parser.parse(readFileSync(join(folder, 'providers.xml'), 'utf8')) as Node;
  return list((root.providers as Node).provider).map((provider) => {
    const name = text(provider['@_name']);
    const found = entry(source, text(provider['@_id']) || name, date);
    found.name = name;
    if (text(provider['@_appPassword']) === 'true') found.notes.push('app-password');
    found.documentation = text(provider['@_link']) || null;
    for (const regex of text(provider['@_domain']).split(',')) {
      const pattern = patternOfRegex(regex.replaceAll('\\\\', '\\'));
      if (pattern !== null) addDomain(found, pattern);
    }
    for (const regex of text(provider['@_mx']).split(',')) {
      const pattern = patternOfRegex(regex.replaceAll('\\\\', '\\'));
      if (pattern !== null && pattern !== '') found.mx.push(pattern);
    }
    for (const server of list(provider.smtp)) {
      addServer(found, {
        host: text(server['@_host']),
        port: Number(text(server['@_port'])),
        encryption: text(server['@_starttls']) === 'true' ? 'starttls' : 'tls',
        auth: [],
        username: text(provider['@_user']) === 'local' ? '%EMAILLOCALPART%' : null,
      });
    }
    return found;
  });
}

const ANDROID_SECURITY: Record<string, ['tls' | 'starttls' | 'none', number]> = {
  'smtp+ssl': ['tls', 465],
  'smtp+tls': ['starttls', 587],
  smtp: ['none', 587],
};

/** k9mail and aosp-email: the server is a URI. */
export function readAndroid(folder: string, source: string, date: string): UpstreamEntry[] {
  const root = parser.parse(readFileSync(join(folder, 'providers.xml'), 'utf8')) as Node;
  return list((root.providers as Node).provider).map((provider) => {
    const found = entry(source, text(provider['@_id']) || text(provider['@_domain']), date);
    found.name = text(provider['@_label']) || found.key;
    addDomain(found, text(provider['@_domain']));
    for (const outgoing of list(provider.outgoing)) {
      const uri = /^(smtp(?:\+(?:ssl|tls))?)\+?:\/\/([^:/]+)(?::(\d+))?/.exec(
        text(outgoing['@_uri']),
      );
      const security = ANDROID_SECURITY[uri?.[1] ?? ''];
      if (!uri || !security) continue;
      addServer(found, {
        host: (uri[2] ?? '').replace('$domain', '%EMAILDOMAIN%'),
        port: Number(uri[3] ?? security[1]),
        encryption: security[0],
        auth: [],
        username:
          text(outgoing['@_username'])
            .replace('$email', '%EMAILADDRESS%')
            .replace('$user', '%EMAILLOCALPART%')
            .replace('$domain', '%EMAILDOMAIN%') || null,
      });
    }
    return found;
  });
}
