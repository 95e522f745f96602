/** The real network, put together from its parts. One for each session. */
import { normaliseHost } from '../domain.ts';
import { addressVerdict } from './address-policy.ts';
import { createConnector } from './connect.ts';
import { type ConnectToRule, matchConnectTo, standInHost } from './connect-to.ts';
import { createDnsClient } from './dns/client.ts';
import { type DnsServer, systemServers } from './dns/servers.ts';
import { createHostResolver } from './host-addresses.ts';
import { createHostsFile, type HostsFile } from './hosts-file.ts';
import { createFetch } from './http.ts';
import { Lifetime } from './lifetime.ts';
import type { DnsClient, Network } from './network.ts';
import { createHandshake } from './tls.ts';
import { createTrustStore } from './trust-store.ts';

export interface InternetOptions {
  /** For HTTP: `smtp-find/1.2.3`. */
  readonly userAgent: string;
  /** The resolvers to ask; default: the system's. */
  readonly servers?: readonly DnsServer[];
  /** Default: the system's hosts file. */
  readonly hosts?: HostsFile;
  /** Only IPv4, or only IPv6. */
  readonly family?: 4 | 6;
  readonly connectTo?: readonly ConnectToRule[];
  /** PEM text of certificates to trust as well. */
  readonly cacerts?: readonly string[];
  /** Refuse private addresses too. */
  readonly publicOnly?: boolean;
  /** For SSL_CERT_FILE, SSL_CERT_DIR and NODE_EXTRA_CA_CERTS. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export function createInternet(options: InternetOptions): Network {
  const { connectTo = [], publicOnly = false, userAgent } = options;
  const lifetime = new Lifetime();
  const servers = options.servers ?? systemServers();
  const client = createDnsClient({ servers });
  const dns: DnsClient = {
    query: (name, type, signal) =>
      lifetime.run(signal, (either) => client.query(name, type, either)),
  };
  const family = options.family === undefined ? {} : { family: options.family };
  const resolving = { dns, hosts: options.hosts ?? createHostsFile(), ...family };
  const resolveHost = createHostResolver({ ...resolving, systemLookup: false });
  const connecting = {
    ...family,
    connectTo,
    isForbidden: (address: string) => addressVerdict(address, { publicOnly }) !== 'allowed',
    onSocket: (socket: Parameters<Lifetime['track']>[0]) => lifetime.track(socket),
  };
  // The operating system's lookup is slow to let go, so only published mail servers are worth it,
  // and not where the user has named the resolver.
  const systemLookup = !servers.some(({ named }) => named);
  const connect = createConnector({
    ...connecting,
    resolveHost: createHostResolver({ ...resolving, systemLookup }),
  });
  const trust = createTrustStore({ cacerts: options.cacerts ?? [], env: options.env ?? {} });
  const handshake = createHandshake({
    trust,
    onSocket: (secure, socket) => lifetime.trackInstead(secure, socket),
  });
  const fetch = createFetch({
    connect: createConnector({ ...connecting, resolveHost }),
    handshake,
    userAgent,
  });

  /** The certificates are read while the network is busy, and not after it has answered. */
  function prepareTrust(): void {
    trust.context('modern').catch(() => {}); // Whoever needs it will see it fail.
  }

  return {
    dns,
    resolveHost: (host, signal) =>
      lifetime.run(signal, (either) => resolveHost(standInHost(connectTo, host) ?? host, either)),
    connect: (host, port, connectOptions) =>
      lifetime.run(connectOptions.signal, (signal) => {
        prepareTrust();
        return connect(host, port, { ...connectOptions, signal });
      }),
    handshake: (socket, handshakeOptions) =>
      lifetime.run(handshakeOptions.signal, (signal) =>
        handshake(socket, { ...handshakeOptions, signal }),
      ),
    fetch: (url, fetchOptions) =>
      lifetime.run(fetchOptions.signal, (signal) => {
        prepareTrust();
        return fetch(url, { ...fetchOptions, signal });
      }),
    redirected(name, port) {
      const host = normaliseHost(name) ?? name;
      const rule = matchConnectTo(connectTo, host, port);
      const place = { host: rule?.toHost ?? host, port: rule?.toPort ?? port };
      return place.host === host && place.port === port ? null : place;
    },
    close: (graceMs = 0) => lifetime.close(graceMs),
  };
}
