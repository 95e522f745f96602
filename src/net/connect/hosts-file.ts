/**
 * The hosts file, where the person at this machine overrides the DNS.
 */
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { win32 } from 'node:path';

export interface HostsFile {
  /**
   * The addresses of a host, in the file's order; empty when it is not listed. The file is read
   * at the first call; one that is missing or cannot be read is empty.
   */
  lookup(host: string): Promise<readonly string[]>;
}

export function createHostsFile(path: string = hostsFilePath()): HostsFile {
  let entries: Promise<ReadonlyMap<string, readonly string[]>> | undefined;
  return {
    async lookup(host) {
      entries ??= readFile(path, 'utf8').then(parseHosts, () => new Map());
      return (await entries).get(host.toLowerCase()) ?? [];
    },
  };
}

/** Lines of an address and the names it has; `#` starts a comment. Lines of any other kind are passed over. */
export function parseHosts(text: string): ReadonlyMap<string, readonly string[]> {
  const entries = new Map<string, string[]>();
  for (const line of text.split(/\r?\n/)) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (isIP(address) === 0) continue;
    for (const name of names) {
      const host = name.toLowerCase().replace(/\.$/, '');
      const listed = entries.get(host);
      if (listed === undefined) entries.set(host, [address]);
      else if (!listed.includes(address)) listed.push(address);
    }
  }
  return entries;
}

/** Where the operating system keeps it. */
export function hostsFilePath(
  platform: NodeJS.Platform = process.platform,
  systemRoot: string = process.env.SystemRoot ?? 'C:\\Windows',
): string {
  return platform === 'win32'
    ? win32.join(systemRoot, 'System32', 'drivers', 'etc', 'hosts')
    : '/etc/hosts';
}
