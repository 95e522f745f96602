/** The names: what stands in the zone file, and a domain for each field of the matrix. */
import { readFile } from 'node:fs/promises';
import { type Kind, kinds } from './certificates.ts';

export const servers = ['postfix', 'exim', 'opensmtpd', 'dovecot'] as const;
export type Server = (typeof servers)[number];
export const ports = [465, 587] as const;
export type Port = (typeof ports)[number];

/** What master.cf offers on addresses of its own, behind `AUTH`. */
export const mechanismSets = {
  'only-plain': ['PLAIN'],
  'only-login': ['LOGIN'],
  'only-cram': ['CRAM-MD5'],
  'no-plain': ['SCRAM-SHA-256', 'SCRAM-SHA-1', 'DIGEST-MD5'],
  everything: ['SCRAM-SHA-256', 'SCRAM-SHA-1', 'PLAIN', 'LOGIN', 'CRAM-MD5', 'DIGEST-MD5'],
} as const;

/** A domain whose SRV records name one port of one server with one kind of certificate. */
export function matrixDomain(server: Server, kind: Kind, port: Port): string {
  return `${port === 465 ? 'tls' : 'starttls'}.${server}-${kind}.example`;
}

/** Under a name that nobody would guess. */
export function matrixHost(server: Server, kind: Kind): string {
  return `out.${server}-${kind}.example`;
}

export function addressOf(server: Server, kind: Kind): string {
  return `198.51.100.${10 * (servers.indexOf(server) + 1) + kinds.indexOf(kind)}`;
}

/** For one address, the names that its certificate has to carry. */
export type HostsByAddress = ReadonlyMap<string, readonly string[]>;

export interface Zone {
  readonly text: string;
  readonly hosts: HostsByAddress;
}

export async function readZone(file: string): Promise<Zone> {
  const text = `${await readFile(file, 'utf8')}\n; The matrix.\n${matrix().join('\n')}\n`;
  const hosts = new Map<string, string[]>();
  for (const [, name = '', address = ''] of text.matchAll(/^(\S+)\.\s+(?:A|AAAA)\s+(\S+)$/gm)) {
    hosts.set(address, [...(hosts.get(address) ?? []), name]);
  }
  return { text, hosts };
}

function matrix(): string[] {
  const lines: string[] = [];
  const publish = (domain: string, port: Port, host: string): void => {
    const service = port === 465 ? '_submissions' : '_submission';
    lines.push(`${service}._tcp.${domain}. SRV 0 1 ${port} ${host}.`);
  };
  for (const server of servers) {
    for (const kind of kinds) {
      const host = matrixHost(server, kind);
      lines.push(`${host}. A ${addressOf(server, kind)}`);
      for (const port of ports) publish(matrixDomain(server, kind, port), port, host);
    }
  }
  Object.keys(mechanismSets).forEach((name, i) => {
    lines.push(`out.${name}.example. A 198.51.100.${60 + i}`);
    publish(`${name}.example`, 465, `out.${name}.example`);
  });
  return lines;
}
