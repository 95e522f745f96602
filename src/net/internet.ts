/** The real network, put together from its parts. One for each session. */
import type { Socket } from 'node:net';
import { normaliseHost } from '../model/domain.ts';
import { addressVerdict, isLoopback } from './connect/address-policy.ts';
import { type Connect, type ConnectorOptions, createConnector } from './connect/connect.ts';
import { type ConnectToRule, matchConnectTo, standInHost } from './connect/connect-to.ts';
import { createHostResolver } from './connect/host-addresses.ts';
import { createHostsFile, type HostsFile } from './connect/hosts-file.ts';
import { createDnsClient } from './dns/client.ts';
import { createEncryptedTransports } from './dns/encrypted.ts';
import { type DnsServer, serverLabel, systemServers } from './dns/servers.ts';
import { createFetch } from './http/http.ts';
import { Lifetime } from './lifetime.ts';
import type { DnsClient, HostAnswer, Network } from './network.ts';
import { createProxyClient } from './proxy/proxy-client.ts';
import {
  createProxyConnector,
  type ProxyConnector,
  type ProxyConnectorSetup,
} from './proxy/proxy-connector.ts';
import { NO_PROXIES, type ProxySettings, type ProxyUse } from './proxy/proxy-settings.ts';
import { createHandshake } from './tls/tls.ts';
import { createTrustStore } from './tls/trust-store.ts';

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
  /** Default: none. */
  readonly proxies?: ProxySettings;
  /** Refuse private addresses too. */
  readonly publicOnly?: boolean;
  /** For SSL_CERT_FILE, SSL_CERT_DIR and NODE_EXTRA_CA_CERTS. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Named by the user, and on this machine. */
function isOwnServer(server: DnsServer): boolean {
  return server.named === true && server.over === undefined && isLoopback(server.address);
}

export function createInternet(options: InternetOptions): Network {
  const { connectTo = [], publicOnly = false, userAgent, proxies = NO_PROXIES } = options;
  const lifetime = new Lifetime();
  const servers = options.servers ?? systemServers();
  const hosts = options.hosts ?? createHostsFile();
  const family = options.family === undefined ? {} : { family: options.family };
  const onSocket = (socket: Socket): void => lifetime.track(socket);
  const trust = createTrustStore({ cacerts: options.cacerts ?? [], env: options.env ?? {} });
  const handshake = createHandshake({
    trust,
    onSocket: (secure, socket) => lifetime.trackInstead(secure, socket),
  });

  // Proxies and resolvers, which the user names, are found by the system's resolvers, and may be
  // anywhere.
  const bootstrap = createHostResolver({
    dns: createDnsClient({ servers: systemServers() }),
    hosts,
    ...family,
    systemLookup: true,
  });
  const named = { resolveHost: bootstrap, isForbidden: () => false, onSocket, ...family };
  const proxyClient = createProxyClient({ connect: createConnector(named), handshake });
  const proxyConnector = (
    use: ProxyUse,
    policy: Pick<ProxyConnectorSetup, 'isForbidden' | 'lookUp'> = named,
  ): ProxyConnector =>
    createProxyConnector({
      findProxy: ({ host, asked, port }) => proxies.find(use, [asked, host], port),
      client: proxyClient,
      forwards: use === 'http',
      isForbidden: policy.isForbidden,
      ...(policy.lookUp && { lookUp: policy.lookUp }),
      ...family,
    });
  const toResolver = (use: ProxyUse): Connect =>
    createConnector({ ...named, connectTo, proxyConnector: proxyConnector(use) });
  const encrypted = createEncryptedTransports({
    connect: { tls: toResolver('any'), https: toResolver('https') },
    handshake,
    run: (task) => lifetime.run(new AbortController().signal, task),
  });

  const client = createDnsClient({ servers, encrypted });
  const dns: DnsClient = {
    ...(!servers.every(isOwnServer) && {
      publicResolvers: servers.map(serverLabel).join(', '),
    }),
    query: (name, type, signal, timeFactor) =>
      lifetime.run(signal, (either) => client.query(name, type, either, timeFactor)),
  };
  const resolveHost = createHostResolver({ dns, hosts, ...family, systemLookup: false });

  const isForbidden = (address: string): boolean =>
    addressVerdict(address, { publicOnly }) !== 'allowed';
  const connecting = (use: ProxyUse): ConnectorOptions => ({
    ...family,
    resolveHost,
    connectTo,
    isForbidden,
    proxyConnector: proxyConnector(use, { isForbidden, lookUp: resolveHost }),
    onSocket,
  });
  // The operating system's lookup is slow to let go, so only published mail servers are worth it,
  // and not where the user has named the resolver.
  const systemLookup = !servers.some((server) => server.named);
  const connect = createConnector({
    ...connecting('any'),
    resolveHost: createHostResolver({ dns, hosts, ...family, systemLookup }),
  });
  const fetch = createFetch({
    connect: createConnector(connecting('https')),
    connectPlain: createConnector(connecting('http')),
    handshake,
    userAgent,
  });

  /** Where no DNS answers, a proxy may still know the host. */
  async function resolveOrLeaveToProxy(
    host: string,
    signal: AbortSignal,
    timeFactor: number | undefined,
  ): Promise<HostAnswer> {
    const target = standInHost(connectTo, host) ?? host;
    const answer = await resolveHost(target, signal, timeFactor);
    const unknown = answer.kind === 'failed' && !answer.reached;
    if (!unknown || proxies.find('any', [host, target], null) === null) return answer;
    return { kind: 'addresses', addresses: [] };
  }

  /** The certificates are read while the network is busy, and not after it has answered. */
  function prepareTrust(): void {
    trust.context('modern').catch(() => {}); // Whoever needs it will see it fail.
  }

  return {
    dns,
    resolveHost: (host, signal, timeFactor) =>
      lifetime.run(signal, (either) => resolveOrLeaveToProxy(host, either, timeFactor)),
    connect: (host, port, connectOptions) =>
      lifetime.run(connectOptions.signal, (signal) => {
        prepareTrust();
        const named = connectOptions.named === true && !publicOnly;
        return connect(host, port, { ...connectOptions, named, signal });
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
