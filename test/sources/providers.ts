/** A small database for tests: a plain implementation of the interface. */
import { NO_LINKS } from '../../src/model/candidate.ts';
import type { ProviderDirectory } from '../../src/providers/directory.ts';
import type { MxProof, Provider, ProviderServer } from '../../src/providers/provider.ts';

function provider(id: string, name: string, more: Partial<Provider> = {}): Provider {
  return {
    id,
    name,
    kind: 'mailbox',
    family: null,
    domains: [`${id}.example`],
    hostedBy: [],
    ownDomains: null,
    servers: [],
    notes: [],
    documentation: null,
    links: NO_LINKS,
    confirmed: '2026-06',
    oauth: null,
    ...more,
  };
}

function server(host: string, port: number, more: Partial<ProviderServer> = {}): ProviderServer {
  const encryption = port === 465 ? 'tls' : 'starttls';
  return { host, port, encryption, auth: [], username: null, ...more };
}

const login = { auth: ['PLAIN', 'LOGIN'], username: '%EMAILADDRESS%' };
const bigmail = provider('bigmail', 'Big Mail', {
  servers: [server('smtp.bigmail.example', 465, login), server('smtp.bigmail.example', 587, login)],
  notes: [{ code: 'app-password', when: 'always', message: 'Make an app password.' }],
  documentation: 'https://bigmail.example/help',
  oauth: {
    issuer: 'https://id.bigmail.example',
    authorizationEndpoint: null,
    tokenEndpoint: null,
    scopes: ['smtp'],
    deviceAuthorizationEndpoint: null,
    pkce: null,
    registration: null,
  },
});
const hostbox = provider('hostbox', 'Host Box', { servers: [server('mail.%EMAILDOMAIN%', 587)] });
const closed = provider('closed', 'Closed Mail', {
  notes: [{ code: 'no-submission', message: 'Only its own apps can send.' }],
});
const bridged = provider('bridged', 'Bridged Mail', {
  servers: [{ ...server('127.0.0.1', 1025, login), encryption: 'starttls' }],
  notes: [{ code: 'bridge-required', message: 'Run the Bridge.' }],
});
const empty = provider('empty', 'Empty Mail');
const filter = provider('filter', 'Mail Filter', { kind: 'gateway' });
const relay = provider('relay', 'Relay', {
  kind: 'relay',
  servers: [server('smtp.relay.example', 587)],
});

const exchangers: [suffix: string, MxProof, Provider][] = [
  ['.mx.bigmail.example', 'mailbox', bigmail],
  ['.vps.hostbox.example', 'rented', hostbox],
  ['.hostbox.example', 'mailbox', hostbox],
  ['.closed.example', 'mailbox', closed],
  ['.empty.example', 'mailbox', empty],
  ['.filter.example', 'gateway', filter],
];

/** Selectors of keys that stand in the domain itself → ids of providers. */
const DIRECT_KEYS: Readonly<Record<string, string>> = { direct: 'hostbox' };

/**
 * Providers are named by their ids in records: `anything.bigmail.discovery.example`,
 * `_spf.bigmail.example`, and `key.bigmail.example` of a DKIM alias.
 */
export function directoryOf(all: readonly Provider[]): ProviderDirectory {
  const owners = (id: string | false | undefined): readonly Provider[] =>
    all.filter((one) => one.id === id);
  return {
    date: '2026-01-01',
    byDomain: (domain) => all.find(({ domains }) => domains.includes(domain)) ?? null,
    byMx(host) {
      const found = exchangers.find(
        ([suffix, , owner]) => all.includes(owner) && host.endsWith(suffix),
      );
      return found ? { proves: found[1], provider: found[2], pattern: `*${found[0]}` } : null;
    },
    byDiscoveryHost: (host) =>
      owners(host.endsWith('.discovery.example') && host.split('.').at(-3)),
    bySpf: (domain) => owners(domain.startsWith('_spf.') && domain.split('.')[1]),
    byDkim: (selector, target) =>
      owners(target === null ? DIRECT_KEYS[selector] : target.split('.').at(-2)),
    dkimSelectors: () => ['direct', 'selector1'],
    byHost: (host) => all.find(({ servers }) => servers.some((item) => item.host === host)) ?? null,
    all: () => all,
    byId: (text) => all.find(({ id }) => id === text) ?? null,
    byName: owners,
    suggestions: () => [],
  };
}

export const directory: ProviderDirectory = directoryOf([
  bigmail,
  hostbox,
  closed,
  bridged,
  empty,
  filter,
  relay,
]);
/** One that knows nobody. */
export const nobody: ProviderDirectory = directoryOf([]);
