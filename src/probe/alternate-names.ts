/**
 * Shared hosting: a certificate that is good, but for another name of the same machine. A name
 * stands in only where the machine or the domain itself vouches for it (a CNAME or MX target, the
 * greeting, the EHLO reply, the address's PTR name), the certificate covers it, and it leads to the
 * place that we are connected to. What else the certificate holds may be a neighbour's name.
 */
import { isIPv4, isIPv6 } from 'node:net';
import { isAddress, normaliseHost } from '../model/domain.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { registrableDomain } from '../model/public-suffix.ts';
import { allAddresses } from '../net/connect/host-addresses.ts';
import type { Connection, Network, TlsFacts } from '../net/network.ts';
import { matchesHost } from '../net/tls/certificate.ts';

/** What the server says of itself. */
export interface SelfDescription {
  readonly tls: TlsFacts | null;
  readonly banner: string | null;
  readonly serverName: string | null;
}

/** Look-ups of addresses that a stranger's answers may cause. */
const MAX_NAMES = 8;
const MAX_ALIASES = 4;

/**
 * @returns the names, those that the domain vouches for first; without those that could not be
 *   looked up before the signal aborted. Never rejects.
 */
export async function findAlternateNames(
  { tls, banner, serverName }: SelfDescription,
  { host, port }: Endpoint,
  connection: Connection,
  network: Network,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const certificate = tls?.certificate;
  if (!certificate?.trusted || certificate.problem !== 'name') return [];
  const vouchedFor = await Promise.all([
    orNothing(aliasesOf(host, network, signal)),
    orNothing(exchangersOf(host, network, signal)),
    [banner?.split(/\s/, 1)[0] ?? '', serverName ?? ''],
    orNothing(pointersOf(connection.address, network, signal)),
  ]);
  const names = new Set(
    vouchedFor
      .flat()
      .flatMap((text) => normaliseHost(text) ?? [])
      .filter((name) => name !== host && name.includes('.') && !isAddress(name))
      .filter((name) => certificate.names.some((covered) => matchesHost(covered, name))),
  );
  const leading = await Promise.all(
    [...names]
      .slice(0, MAX_NAMES)
      .map((name) =>
        orNothing(
          leadsTo(name, port, connection, network, signal).then((leads) => (leads ? [name] : [])),
        ),
      ),
  );
  return leading.flat();
}

/** A look-up that fails vouches for nothing. */
async function orNothing(names: Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await names;
  } catch {
    return [];
  }
}

async function aliasesOf(
  host: string,
  { dns }: Network,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const names: string[] = [];
  for (let name = host; names.length < MAX_ALIASES; ) {
    const answer = await dns.query(name, 'CNAME', signal);
    const [target] = answer.kind === 'records' ? answer.records : [];
    if (target === undefined || names.includes(target)) break;
    names.push(target);
    name = target;
  }
  return names;
}

async function exchangersOf(
  host: string,
  { dns }: Network,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const domain = registrableDomain(host);
  if (domain === null) return [];
  const answer = await dns.query(domain, 'MX', signal);
  return answer.kind === 'records' ? answer.records.map(({ exchange }) => exchange) : [];
}

async function pointersOf(
  address: string,
  { dns }: Network,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const name = reverseName(address);
  if (name === null) return [];
  const answer = await dns.query(name, 'PTR', signal);
  return answer.kind === 'records' ? answer.records : [];
}

/** RFC 1035 §3.5, RFC 3596 §2.5; null for what is no address, as behind a proxy. */
function reverseName(address: string): string | null {
  if (isIPv4(address)) return `${address.split('.').reverse().join('.')}.in-addr.arpa`;
  if (!isIPv6(address) || address.includes('.')) return null;
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const groups = (text: string): string[] => text.split(':').filter(Boolean);
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const all = [...before, ...Array<string>(zeros).fill('0'), ...after];
  const digits = all.map((group) => group.padStart(4, '0')).join('');
  return `${[...digits].reverse().join('.')}.ip6.arpa`;
}

async function leadsTo(
  name: string,
  port: number,
  connection: Connection,
  network: Network,
  signal: AbortSignal,
): Promise<boolean> {
  // The user may redirect the name with --connect-to.
  const place = network.redirected(name, port) ?? { host: name, port };
  if (place.port !== connection.port) return false;
  const answer = await network.resolveHost(place.host, signal);
  return (await allAddresses(answer)).includes(connection.address);
}
