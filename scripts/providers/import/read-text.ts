import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addDomain, addServer, entry, type UpstreamEntry } from './entry.ts';

/**
 * provider-db: YAML front matter. Its subset is flat keys, lists of words and one list of maps, so
 * a dozen lines read it and no YAML library is needed.
 */
export function readProviderDb(folder: string, source: string, date: string): UpstreamEntry[] {
  const files = readdirSync(folder).filter((f) => f.endsWith('.yml'));
  return files.sort().map((file) => {
    const found = entry(source, file.replace(/\.yml$/, ''), date);
    let section = '';
    const servers: Record<string, string>[] = [];
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
      const [, dash = '', key = '', value = ''] =
        /^(\s*-?\s*)(?:([a-z_]+):)?\s*(.*?)\s*$/.exec(line) ?? [];
      if (!/^\s|^-/.test(line) && key !== '') {
        section = key;
        if (key === 'name') found.name = value;
        if (key === 'last_checked') found.confirmed = value.slice(0, 7);
        if (key === 'status') found.broken = value === 'BROKEN';
      } else if (section === 'domains' && dash.includes('-')) {
        addDomain(found, value);
      } else if (section === 'server' && key !== '') {
        if (dash.includes('-')) servers.push({});
        const current = servers.at(-1);
        if (current) current[key] = value;
      }
    }
    for (const server of servers.filter((s) => s.type === 'smtp')) {
      addServer(found, {
        host: server.hostname ?? '',
        port: Number(server.port),
        encryption:
          server.socket === 'SSL' ? 'tls' : server.socket === 'STARTTLS' ? 'starttls' : 'none',
        auth: [],
        username: server.username_pattern ? `%${usernameOf(server.username_pattern)}%` : null,
      });
    }
    return found;
  });
}

function usernameOf(pattern: string): string {
  return pattern === 'EMAIL' ? 'EMAILADDRESS' : pattern;
}

/** mutt-wizard: ADDRESS,IMAP,port,SMTP,port; encryption follows from the port. */
export function readMuttWizard(folder: string, source: string, date: string): UpstreamEntry[] {
  const lines = readFileSync(join(folder, 'domains.csv'), 'utf8').split('\n').slice(1);
  return lines.flatMap((line) => {
    const [domain, , , host, port] = line.split(',');
    if (!domain || !host || !port) return [];
    const found = entry(source, domain, date);
    addDomain(found, domain);
    addServer(found, {
      host,
      port: Number(port),
      encryption: Number(port) === 465 ? 'tls' : 'starttls',
      auth: [],
      username: null,
    });
    return [found];
  });
}
