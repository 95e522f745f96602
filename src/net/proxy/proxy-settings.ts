/** Which proxy is used for what: the user's option, or the environment's, read as curl does. */
import { type Exempt, parseNoProxy } from './no-proxy.ts';
import { type ProxyServer, parseProxy } from './proxy-url.ts';

/** `any`: everything that is not for the web, mail first of all. */
export type ProxyUse = 'https' | 'http' | 'any';

export interface ProxySettings {
  /**
   * Null for a place that is reached directly.
   * @param names the host, under all names it has for us
   * @param port null where none is known
   */
  find(use: ProxyUse, names: readonly string[], port: number | null): ProxyServer | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

export const NO_PROXIES: ProxySettings = { find: () => null };

/**
 * @param option `--proxy`: for everything, and `''` for no proxy whatever the environment says
 * @param env HTTPS_PROXY for HTTPS, http_proxy (lower case only: a web server's CGI scripts have
 *   HTTP_PROXY from strangers) for HTTP, ALL_PROXY for all else, and NO_PROXY for exceptions
 * @throws SmtpFindError `bad-option`
 */
export function readProxySettings(option: string | undefined, env: Environment): ProxySettings {
  const proxies = option === undefined ? fromEnvironment(env) : fromOption(option);
  const exempt: Exempt = parseNoProxy(env.no_proxy ?? env.NO_PROXY ?? '');
  return {
    find: (use, names, port) =>
      proxies[use] === null || names.some((name) => exempt(name, port)) ? null : proxies[use],
  };
}

type Proxies = Readonly<Record<ProxyUse, ProxyServer | null>>;

function fromOption(option: string): Proxies {
  const proxy = parse('--proxy', option);
  return { https: proxy, http: proxy, any: proxy };
}

function fromEnvironment(env: Environment): Proxies {
  const all = read(env, ['all_proxy', 'ALL_PROXY']);
  const https = read(env, ['https_proxy', 'HTTPS_PROXY']);
  const http = read(env, ['http_proxy']);
  return { https: or(https, all), http: or(http, all), any: or(all, null) };
}

/** Undefined for one that is not set; an empty one says "none", also where ALL_PROXY is set. */
function read(env: Environment, names: readonly string[]): ProxyServer | null | undefined {
  const name = names.find((candidate) => env[candidate] !== undefined);
  return name === undefined ? undefined : parse(name, env[name] ?? '');
}

function or(
  value: ProxyServer | null | undefined,
  other: ProxyServer | null | undefined,
): ProxyServer | null {
  return (value === undefined ? other : value) ?? null;
}

function parse(origin: string, text: string): ProxyServer | null {
  return text.trim() === '' ? null : parseProxy(text, origin);
}
