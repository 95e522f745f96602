/** The network of a session, as its options want it. Loaded only when there is need of a network. */
import { parseConnectTo } from './connect/connect-to.ts';
import { parseResolver } from './dns/servers.ts';
import { createInternet } from './internet.ts';
import type { Network } from './network.ts';
import { readProxySettings } from './proxy/proxy-settings.ts';
import { readCaFiles } from './tls/trust-store.ts';

export interface SessionOptions {
  /**
   * DNS resolvers as `IP` or `IP:PORT`, `tls://HOST[:PORT][#NAME]` or `https://HOST/PATH`;
   * default: the system's.
   */
  readonly resolver?: readonly string[];
  /** `HOST1:PORT1:HOST2:PORT2` as in curl: connect to 2 instead of 1. */
  readonly connectTo?: readonly string[];
  /** PEM files of certificates to trust as well. */
  readonly cacert?: readonly string[];
  /**
   * For the web and for mail: `http://`, `https://`, `socks5://`, `socks5h://` or `socks4a://`, then
   * `[USER:PASSWORD@]HOST:PORT`. It resolves the names. Default: what `env` says; `''`: none.
   */
  readonly proxy?: string;
  /** Only IPv4, or only IPv6. */
  readonly family?: 4 | 6;
  /** Refuse servers on private addresses. */
  readonly publicOnly?: boolean;
  /** Base URL of the online ISPDB; the domain is appended. */
  readonly ispdbUrl?: string;
  /**
   * Where SSL_CERT_FILE, SSL_CERT_DIR and NODE_EXTRA_CA_CERTS are looked up, and HTTPS_PROXY,
   * http_proxy, ALL_PROXY and NO_PROXY.
   */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** @throws SmtpFindError `bad-option` or `unreadable-file` */
export async function openNetwork(options: SessionOptions): Promise<Network> {
  const { resolver = [], connectTo = [], cacert = [], proxy, family, publicOnly, env } = options;
  const servers = resolver.map(parseResolver);
  return createInternet({
    userAgent: 'smtp-find',
    connectTo: connectTo.map(parseConnectTo),
    cacerts: await readCaFiles(cacert),
    proxies: readProxySettings(proxy, env ?? {}),
    ...(servers.length > 0 && { servers }),
    ...(family !== undefined && { family }),
    ...(publicOnly !== undefined && { publicOnly }),
    ...(env !== undefined && { env }),
  });
}
