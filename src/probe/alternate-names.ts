/**
 * Alternate names on shared hosting: a server shows a trusted certificate for other names. Those of
 * them that resolve to the connected address may be the server's own.
 */
import type { Endpoint } from '../model/candidate.ts';
import { normaliseHost } from '../model/domain.ts';
import { allAddresses } from '../net/connect/host-addresses.ts';
import type { Connection, Network, TlsFacts } from '../net/network.ts';

/** The most look-ups that one certificate may cause. */
const MAX_NAMES = 8;

/**
 * @returns the names, in the certificate's order; those that could not be looked up before the
 *   signal aborted are left out. Never rejects.
 */
export async function findAlternateNames(
  tls: TlsFacts,
  endpoint: Endpoint,
  connection: Connection,
  network: Network,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { certificate } = tls;
  if (!certificate?.trusted || certificate.problem !== 'name') return [];
  const names = hostNames(certificate.names).filter((name) => name !== endpoint.host);
  const found = await Promise.all(
    names.slice(0, MAX_NAMES).map(async (name) => {
      try {
        return (await leadsTo(name, endpoint.port, connection, network, signal)) ? name : null;
      } catch {
        return null;
      }
    }),
  );
  return found.filter((name) => name !== null);
}

function hostNames(names: readonly string[]): readonly string[] {
  const hosts = names
    .filter((name) => /[a-z]/i.test(name) && name.includes('.')) // neither addresses nor bare labels
    .map((name) => normaliseHost(name)) // null for wildcards
    .filter((name) => name !== null);
  return [...new Set(hosts)];
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
