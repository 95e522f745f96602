/** The pipeline over an internet on paper: the decision, its timing, and when it stops. */
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { exitCodeOf, exitCodes } from '../../src/cli/exit-codes.ts';
import { type DiscoverOptions, discover } from '../../src/engine/discover.ts';
import { type Endpoint, endpointKey } from '../../src/model/endpoint.ts';
import { parseQuery } from '../../src/model/query.ts';
import type { Network } from '../../src/net/network.ts';
import { pause } from '../../src/net/time.ts';
import type { ProbeResult } from '../../src/probe/result.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { buildReport } from '../../src/report/build-report.ts';
import type { Report } from '../../src/report/report.ts';
import type { Given } from '../../src/sources/source.ts';
import { skippingWaits } from '../clock.ts';
import {
  dnsFailure,
  mxRecord,
  type Paper,
  paperNetwork,
  srvRecord,
} from '../sources/paper-network.ts';
import { directory } from '../sources/providers.ts';
import { badCertificate, NOW, probeResult, refused } from './paper-facts.ts';

/** ms for a question, by its text. */
type Delays = (question: string) => number;

const ISPDB = 'https://ispdb.example/v1.1/';

const atOnce: Delays = () => 0;

interface World extends Paper {
  readonly publicResolvers?: string;
  /** `host:port/encryption` → what a probe sees; refused when it isn't here. */
  readonly servers?: Readonly<Record<string, ProbeResult>>;
}

interface Run {
  readonly report: Report;
  readonly asked: readonly string[];
  readonly probed: readonly string[];
}

async function find(
  input: string,
  world: World,
  delays: Delays = atOnce,
  options: Partial<DiscoverOptions> = {},
  given?: Given,
): Promise<Run> {
  const paper = paperNetwork(world);
  const network: Network = {
    ...paper,
    dns: {
      ...(world.publicResolvers && { publicResolvers: world.publicResolvers }),
      query: async (name, type, signal) => {
        await sleep(delays(`${name} ${type}`), signal);
        return paper.dns.query(name, type, signal);
      },
    },
    resolveHost: async (host, signal) => {
      await sleep(delays(`${host} A`), signal);
      return paper.resolveHost(host, signal);
    },
    fetch: async (url, fetchOptions) => {
      await sleep(delays(url), fetchOptions.signal);
      return paper.fetch(url, fetchOptions);
    },
  };
  const probed: string[] = [];
  const discovery = await discover(parseQuery(input), {
    context: {
      network,
      providers: directory,
      sendAddress: false,
      ispdbUrl: ISPDB,
      ...(given && { given }),
    },
    probe: async (candidate, { signal }) => {
      const key = endpointKey(candidate);
      probed.push(key);
      await sleep(delays(key), signal);
      return world.servers?.[key] ?? refused;
    },
    signal: new AbortController().signal,
    timeoutMs: 3000,
    probing: true,
    offline: false,
    exhaust: false,
    now: NOW,
    skip: new Set(),
    ...options,
  });
  const report = buildReport(discovery, directory, {
    all: options.exhaust ?? false,
    explain: true,
  });
  return { report, asked: paper.asked, probed };
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) {
    await pause(ms, signal);
    return;
  }
  await new Promise((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
}

function clientConfig(...servers: string[]): string {
  const outgoing = servers.map((server) => {
    const [address = '', socketType = 'SSL', username = '%EMAILADDRESS%'] = server.split('/');
    const [host, port] = address.split(':');
    return `<outgoingServer type="smtp"><hostname>${host}</hostname><port>${port}</port>
      <socketType>${socketType}</socketType><username>${username}</username>
      <authentication>password-cleartext</authentication></outgoingServer>`;
  });
  return `<clientConfig version="1.1"><emailProvider id="x">${outgoing.join('')}</emailProvider></clientConfig>`;
}

const bigmail = directory.byId('bigmail') as Provider;
const bigmailServer = { host: 'smtp.bigmail.example', port: null, encryption: null };

const answerOf = ({ report: { settings } }: Run): string | null =>
  settings && endpointKey(settings);
const codesOf = ({ report }: Run): string[] => report.warnings.map(({ code }) => code);

const AUTOCONFIG = 'https://autoconfig.example.com/mail/config-v1.1.xml';
const WELL_KNOWN = 'https://example.com/.well-known/autoconfig/mail/config-v1.1.xml';
const ok = probeResult();

describe('a resolver that answers "no such name" to everything', () => {
  const publicResolvers = '192.0.2.53';

  it('is told, and the domain is not called non-existent', async () => {
    const run = await find('you@example.com', { publicResolvers });
    expect(run.report).toMatchObject({ status: 'not-found', complete: false });
    expect(codesOf(run)).toEqual(['resolver-failed', 'incomplete']);
  });

  it('is told of a provider that the database knows', async () => {
    const dead = probeResult({
      outcome: 'dns',
      reason: 'does not exist',
      stage: 'resolve',
      tls: null,
    });
    const servers = {
      'smtp.bigmail.example:465/tls': dead,
      'smtp.bigmail.example:587/starttls': dead,
    };
    const run = await find('you@bigmail.example', { publicResolvers, servers });
    expect(codesOf(run)).toEqual(expect.arrayContaining(['resolver-failed', 'dns-failed']));
    const { warnings, probes } = run.report;
    const reasons = probes?.map(({ reason }) => reason) ?? [];
    const told = [...warnings.map(({ message }) => message), ...reasons].join(' ');
    expect(reasons).toHaveLength(2);
    expect(told).not.toMatch(/does not exist/);
    expect(told).toMatch(/this machine's resolver/);
  });

  it.each<[string, Given]>([
    ['a provider', { kind: 'provider', provider: bigmail }],
    ['its server', { kind: 'servers', servers: [bigmailServer] }],
    ['any server', { kind: 'servers', servers: [{ ...bigmailServer, host: 'mail.corp.example' }] }],
  ])('is told of where %s was named, and exits as without a network', async (_, given) => {
    const dead = probeResult({
      outcome: 'dns',
      reason: 'does not exist',
      stage: 'resolve',
      tls: null,
    });
    const host = given.kind === 'servers' ? given.servers[0]?.host : 'smtp.bigmail.example';
    const servers = { [`${host}:465/tls`]: dead, [`${host}:587/starttls`]: dead };
    const run = await find('you@example.com', { publicResolvers, servers }, atOnce, {}, given);
    expect(codesOf(run)).toContain('resolver-failed');
    const { warnings } = run.report;
    expect(warnings.find(({ code }) => code === 'resolver-failed')?.message).toContain(
      '192.0.2.53',
    );
    expect(run.report.complete).toBe(false);
    expect(exitCodeOf(run.report, true)).toBe(exitCodes.noNetwork);
    if (host !== 'mail.corp.example') {
      expect(warnings.map(({ message }) => message).join()).not.toContain('does not exist');
    }
  });

  it('need not know more than its own names where the user named one on this machine', async () => {
    expect(codesOf(await find('you@example.com', {}))).toEqual([]);
  });

  it.each(['com MX', 'a.root-servers.net A', 'autoconfig.thunderbird.net A'])(
    'is not suspected where it knows %s',
    async (name) => {
      const run = await find('you@example.com', {
        publicResolvers,
        zone: { [name]: [mxRecord('10 x.example')] },
      });
      expect(run.report).toMatchObject({ status: 'not-found', complete: true });
      expect(codesOf(run)).toEqual([]);
    },
  );
});

describe('a domain behind a gateway', () => {
  const zone = { 'example.com MX': [mxRecord('10 in.filter.example')] };

  it('of which nothing else is known is told so', async () => {
    const run = await find('you@example.com', { zone });
    expect(run.report).toMatchObject({ status: 'not-found', complete: true });
    expect(codesOf(run)).toContain('gateway-mx');
  });

  it('that publishes settings is not', async () => {
    const documents = { [AUTOCONFIG]: clientConfig('smtp.example.com:465') };
    const servers = { 'smtp.example.com:465/tls': ok };
    const run = await find('you@example.com', { zone, documents, servers });
    expect(run.report.status).toBe('verified');
    expect(codesOf(run)).not.toContain('gateway-mx');
  });
});

describe('the user name of a server that SRV names', () => {
  const zone = { '_submissions._tcp.example.com SRV': [srvRecord('0 1 465 smtp.example.com')] };
  const servers = { 'smtp.example.com:465/tls': ok };
  const local = (server: string): string =>
    clientConfig(server).replace('%EMAILADDRESS%', '%EMAILLOCALPART%');
  const world = (document: string): World => ({
    zone,
    servers,
    documents: { [AUTOCONFIG]: document },
  });

  it.each([
    ['the same server', 'smtp.example.com:465'],
    ['another port of the host', 'smtp.example.com:587/STARTTLS'],
  ])('is what the domain publishes for %s, with --all and without', async (_, server) => {
    for (const exhaust of [false, true]) {
      const run = await find('you@example.com', world(local(server)), atOnce, { exhaust });
      expect(run.report).toMatchObject({
        status: 'verified',
        complete: true,
        settings: {
          host: 'smtp.example.com',
          port: 465,
          username: 'you',
          usernameFrom: 'published',
        },
      });
      const sources = run.report.settings?.evidence.map(({ source }) => source);
      expect(sources).toEqual(['srv', 'autoconfig']);
      expect(codesOf(run)).not.toContain('assumed-username');
    }
  });

  it('is assumed when the documents name other servers only', async () => {
    const run = await find('you@example.com', world(local('other.example.com:465')));
    expect(run.report).toMatchObject({ complete: true, settings: { usernameFrom: 'assumed' } });
  });

  it('is assumed, and the result incomplete, when the documents take too long', async () => {
    const slow: Delays = (question) => (question === AUTOCONFIG ? 2500 : 0);
    const run = await find('you@example.com', world(local('smtp.example.com:465')), slow);
    expect(run.report).toMatchObject({
      status: 'verified',
      complete: false,
      settings: { username: 'you@example.com', usernameFrom: 'assumed' },
    });
    expect(codesOf(run)).toContain('incomplete');
  });

  it('comes of the parent where the parent names the server', async () => {
    const run = await find('you@sub.example.com', world(local('smtp.example.com:465')));
    expect(run.report.settings).toMatchObject({ username: 'you', usernameFrom: 'published' });
  });

  it('is told to be in doubt when two documents disagree', async () => {
    const pacc = 'https://ua-auto-config.example.com/.well-known/user-agent-configuration.json';
    const documents = {
      [AUTOCONFIG]: local('smtp.example.com:465'),
      [pacc]: JSON.stringify({ protocols: { submit: { host: 'smtp.example.com' } } }),
    };
    const run = await find('you@example.com', { zone, servers, documents });
    expect(run.report.settings).toMatchObject({ username: 'you@example.com' });
    expect(codesOf(run)).toContain('username-conflict');
  });
});

/** By then nobody has confirmed the entries of the small database for more than two years. */
const LATER = new Date('2029-01-01T00:00:00Z');

describe('an entry of the database that nobody has confirmed for years', () => {
  const listed = 'smtp.bigmail.example:465/tls';
  const published = 'mail.bigmail.example:587/starttls';
  const documents = {
    'https://autoconfig.bigmail.example/mail/config-v1.1.xml': clientConfig(
      'mail.bigmail.example:587/STARTTLS',
    ),
  };
  const later = (world: World, options: Partial<DiscoverOptions> = {}) =>
    find('you@bigmail.example', world, atOnce, { now: LATER, ...options });

  it('is the answer where it proves itself', async () => {
    const run = await later({ documents, servers: { [listed]: ok, [published]: ok } });
    expect(answerOf(run)).toBe(listed);
    expect(codesOf(run)).not.toContain('outdated-entry');
  });

  it.each([
    ['was probed in vain', true],
    ['was not probed', false],
  ])('gives way to what the domain publishes where it %s', async (_, probing) => {
    const run = await later({ documents }, { probing });
    expect(answerOf(run)).toBe(published);
    expect(codesOf(run)).toContain('conflict');
    expect(run.report.warnings.map(({ message }) => message).join()).toContain('June 2026');
    // A young one stands.
    const young = await find('you@bigmail.example', { documents }, atOnce, { probing });
    expect(answerOf(young)).toBe(listed);
  });

  it('is the answer, with its age, where nothing else is known', async () => {
    const run = await later({});
    expect(answerOf(run)).toBe(listed);
    expect(codesOf(run)).toContain('outdated-entry');
  });

  it.each<[string, World]>([
    [
      'an unprotected answer',
      {
        documents: {
          'http://autoconfig.bigmail.example/mail/config-v1.1.xml': clientConfig(
            'mail.bigmail.example:465',
          ),
        },
      },
    ],
    [
      'settings without encryption',
      {
        documents: {
          'https://autoconfig.bigmail.example/mail/config-v1.1.xml': clientConfig(
            'mail.bigmail.example:587/plain',
          ),
        },
      },
    ],
    [
      "SRV records with a stranger's host",
      {
        zone: {
          '_submissions._tcp.bigmail.example SRV': [srvRecord('0 1 465 mail.other.example')],
        },
      },
    ],
    [
      'a document that an unprotected record names',
      {
        zone: { 'bigmail.example TXT': ['mailconf=https://other.example/c.xml'] },
        documents: { 'https://other.example/c.xml': clientConfig('mail.other.example:465') },
      },
    ],
    [
      'what another list says',
      {
        documents: {
          'https://ispdb.example/v1.1/bigmail.example': clientConfig('mail.bigmail.example:465'),
        },
      },
    ],
  ])('does not give way to %s', async (_, world) => {
    for (const probing of [true, false]) {
      const run = await later(world, { probing });
      expect(answerOf(run)).toBe(listed);
      expect(codesOf(run)).toContain('outdated-entry');
    }
  });

  it('does not give way to a guess', async () => {
    const run = await later({ hosts: { 'mail.bigmail.example': ['192.0.2.1'] } });
    expect(answerOf(run)).toBe(listed);
  });

  it('counts as young where the domain publishes the same today', async () => {
    const run = await later(
      {
        documents: {
          'https://autoconfig.bigmail.example/mail/config-v1.1.xml': clientConfig(
            'smtp.bigmail.example:465',
          ),
        },
      },
      { probing: false },
    );
    expect(answerOf(run)).toBe(listed);
    expect(codesOf(run)).not.toContain('outdated-entry');
    expect(run.report.settings?.evidence.map(({ source }) => source)).toEqual([
      'database',
      'autoconfig',
    ]);
  });

  it('of a provider found by MX gives way as well', async () => {
    const run = await find(
      'you@example.com',
      {
        zone: { 'example.com MX': [mxRecord('10 a.mx.bigmail.example')] },
        documents: { [AUTOCONFIG]: clientConfig('smtp.example.com:465') },
      },
      atOnce,
      { now: LATER },
    );
    expect(answerOf(run)).toBe('smtp.example.com:465/tls');
  });
});

describe('each source alone', () => {
  it('a domain in the database is answered from it, without asking the web', async () => {
    const run = await find('you@bigmail.example', {
      servers: { 'smtp.bigmail.example:465/tls': ok },
    });
    expect(run.report).toMatchObject({
      status: 'verified',
      complete: true,
      settings: { host: 'smtp.bigmail.example', port: 465, username: 'you@bigmail.example' },
      provider: { id: 'bigmail' },
    });
    expect(run.report.settings?.evidence).toMatchObject([{ source: 'database', trust: 'secure' }]);
    expect(run.probed).toEqual(['smtp.bigmail.example:465/tls']);
    expect(run.asked.filter((place) => place.startsWith('http'))).toEqual([]);
  });

  it('a domain whose mail lives at a provider gets its settings, whatever an old web host says', async () => {
    const run = await find('you@example.com', {
      zone: { 'example.com MX': [mxRecord('10 a.mx.bigmail.example')] },
      documents: { [AUTOCONFIG]: clientConfig('old.example.com:465') },
      servers: { 'smtp.bigmail.example:465/tls': ok, 'old.example.com:465/tls': ok },
    });
    expect(answerOf(run)).toBe('smtp.bigmail.example:465/tls');
    expect(run.report.settings?.evidence[0]?.source).toBe('mx-provider');
  });

  it.each([AUTOCONFIG, WELL_KNOWN, 'https://ispdb.example/v1.1/example.com'])(
    '%s alone is enough',
    async (url) => {
      const run = await find('you@example.com', {
        documents: { [url]: clientConfig('smtp.elsewhere.example:465') },
        servers: { 'smtp.elsewhere.example:465/tls': ok },
      });
      expect(run.report).toMatchObject({ status: 'verified', complete: true });
      expect(run.report.settings?.evidence).toMatchObject([{ from: url, trust: 'secure' }]);
      expect(codesOf(run)).toEqual([]);
    },
  );

  it('autoconfig about the mail exchanger is no safer than the MX record that led there', async () => {
    const run = await find('you@example.com', {
      zone: { 'example.com MX': [mxRecord('10 mx1.mail.hoster.example')] },
      documents: {
        'https://autoconfig.mail.hoster.example/mail/config-v1.1.xml':
          clientConfig('smtp.hoster.example:465'),
      },
      servers: { 'smtp.hoster.example:465/tls': ok },
    });
    expect(run.report.settings?.evidence).toMatchObject([
      { source: 'mx-autoconfig', subject: 'mail.hoster.example', trust: 'insecure' },
    ]);
    expect(codesOf(run)).toEqual(['host-outside-domain']);
  });

  it('nothing is said to a gateway beyond its own job', async () => {
    const run = await find('you@example.com', {
      zone: { 'example.com MX': [mxRecord('10 mx.filter.example')] },
      hosts: { 'mx.filter.example': ['192.0.2.1'] },
      servers: { 'mx.filter.example:465/tls': ok },
    });
    expect(run.report.status).toBe('not-found');
    expect(run.probed).toEqual([]);
    expect(run.asked.filter((place) => place.includes('filter.example'))).toEqual([]);
  });

  it('SRV records in the domain are proven by the certificate, foreign ones are not', async () => {
    const own = await find('you@example.com', {
      zone: { '_submissions._tcp.example.com SRV': [srvRecord('0 1 465 smtp.example.com')] },
      servers: { 'smtp.example.com:465/tls': ok },
    });
    expect(own.report.settings?.evidence).toMatchObject([{ source: 'srv', trust: 'secure' }]);
    expect(codesOf(own)).toEqual(['assumed-username']);
    const foreign = await find('you@example.com', {
      zone: { '_submissions._tcp.example.com SRV': [srvRecord('0 1 465 smtp.other.example')] },
      servers: { 'smtp.other.example:465/tls': ok },
    });
    expect(foreign.report.settings?.evidence).toMatchObject([
      { source: 'srv-foreign', trust: 'insecure' },
    ]);
    expect(codesOf(foreign)).toEqual(['host-outside-domain', 'assumed-username']);
  });

  it('a guess counts when it proves itself', async () => {
    const run = await find('you@example.com', {
      hosts: { 'mail.example.com': ['192.0.2.1'], 'example.com': ['192.0.2.2'] },
      servers: {
        'mail.example.com:587/starttls': ok,
        'example.com:465/tls': ok,
      },
    });
    expect(answerOf(run)).toBe('mail.example.com:587/starttls');
    expect(run.report.settings?.evidence).toMatchObject([{ source: 'guess', trust: 'secure' }]);
  });

  it('a subdomain falls back on what its parent publishes', async () => {
    const run = await find('you@dept.example.com', {
      zone: { '_submissions._tcp.example.com SRV': [srvRecord('0 1 465 smtp.example.com')] },
      servers: { 'smtp.example.com:465/tls': ok },
    });
    expect(run.report.settings?.evidence).toMatchObject([
      { source: 'parent', subject: 'example.com' },
    ]);
  });

  it('nothing found is said so', async () => {
    const run = await find('you@example.com', {});
    expect(run.report).toMatchObject({ status: 'not-found', settings: null, complete: true });
  });
});

describe('the decision', () => {
  it('takes the second server when the first is dead, and names the reason with --all', async () => {
    const world: World = {
      documents: { [AUTOCONFIG]: clientConfig('a.example.com:465', 'b.example.com:587/STARTTLS') },
      servers: { 'b.example.com:587/starttls': ok },
    };
    const run = await find('you@example.com', world);
    expect(answerOf(run)).toBe('b.example.com:587/starttls');
    expect(run.report).toMatchObject({ status: 'verified', complete: true });
    const all = await find('you@example.com', world, atOnce, { exhaust: true });
    expect(answerOf(all)).toBe('b.example.com:587/starttls');
    expect(all.report.alternatives).toMatchObject([
      { host: 'a.example.com', probe: { outcome: 'refused' } },
    ]);
  });

  it.each(['expired', 'name', 'self-signed', 'untrusted', 'not-yet-valid'] as const)(
    'a certificate that is %s is never verified',
    async (problem) => {
      const run = await find('you@example.com', {
        documents: { [AUTOCONFIG]: clientConfig('a.example.com:465') },
        servers: { 'a.example.com:465/tls': badCertificate(problem) },
      });
      expect(run.report).toMatchObject({ status: 'unverified', settings: { verified: false } });
      expect(codesOf(run)).toEqual([`certificate-${problem}`]);
    },
  );

  it('a plaintext guess is reported with a warning, and never verified', async () => {
    const clear = { startTls: false, auth: ['PLAIN'], clearAuth: ['PLAIN'], tls: null };
    const run = await find('you@example.com', {
      hosts: { 'smtp.example.com': ['192.0.2.1'] },
      servers: {
        'smtp.example.com:587/starttls': probeResult({ ...clear, outcome: 'tls', auth: [] }),
        'smtp.example.com:587/none': probeResult(clear),
      },
    });
    expect(answerOf(run)).toBe('smtp.example.com:587/none');
    expect(run.report.status).toBe('unverified');
    expect(codesOf(run)).toEqual(['plaintext', 'assumed-username']);
  });

  it('a plaintext guess never stands in for encrypted settings that were published', async () => {
    const clear = { startTls: false, auth: ['PLAIN'], clearAuth: ['PLAIN'], tls: null };
    const run = await find('you@example.com', {
      documents: { [AUTOCONFIG]: clientConfig('smtp.example.com:465') },
      hosts: { 'smtp.example.com': ['192.0.2.1'] },
      servers: {
        'smtp.example.com:587/starttls': probeResult({ ...clear, outcome: 'tls', auth: [] }),
        'smtp.example.com:587/none': probeResult(clear),
      },
    });
    expect(answerOf(run)).toBe('smtp.example.com:465/tls');
    expect(run.report.status).toBe('unverified');
    expect(codesOf(run)).toContain('connection-refused');
  });

  it('plaintext that was published becomes STARTTLS when that is offered', async () => {
    const run = await find('you@example.com', {
      documents: { [AUTOCONFIG]: clientConfig('smtp.example.com:587/plain') },
      servers: {
        'smtp.example.com:587/none': probeResult({ startTls: true, tls: null }),
        'smtp.example.com:587/starttls': ok,
      },
    });
    expect(answerOf(run)).toBe('smtp.example.com:587/starttls');
    expect(run.report.status).toBe('verified');
    expect(codesOf(run)).toEqual([]);
  });

  it('a certificate for another name of the machine proposes that name for a guess', async () => {
    const run = await find('you@example.com', {
      hosts: { 'smtp.example.com': ['192.0.2.1'] },
      servers: {
        'smtp.example.com:465/tls': {
          ...badCertificate('name'),
          alternateNames: ['s7.hoster.example'],
        },
        's7.hoster.example:465/tls': ok,
      },
    });
    expect(answerOf(run)).toBe('s7.hoster.example:465/tls');
    expect(run.report.status).toBe('verified');
    expect(codesOf(run)).toContain('host-outside-domain');
  });

  it('in place of a published host such a name is only recommended', async () => {
    const run = await find('you@example.com', {
      documents: { [AUTOCONFIG]: clientConfig('mail.example.com:465') },
      servers: {
        'mail.example.com:465/tls': {
          ...badCertificate('name'),
          alternateNames: ['s7.hoster.example'],
        },
        's7.hoster.example:465/tls': ok,
      },
    });
    expect(answerOf(run)).toBe('mail.example.com:465/tls');
    expect(run.report.status).toBe('unverified');
    expect(codesOf(run)).toEqual(['certificate-name', 'shared-hosting']);
    const message = run.report.warnings.at(-1)?.message;
    expect(message).toContain('use s7.hoster.example');
  });

  it('a provider without submission ends everything', async () => {
    const run = await find('you@closed.example', {
      documents: {
        'https://autoconfig.closed.example/mail/config-v1.1.xml': clientConfig('a.example:465'),
      },
      hosts: { 'smtp.closed.example': ['192.0.2.1'] },
      servers: { 'a.example:465/tls': ok, 'smtp.closed.example:465/tls': ok },
    });
    expect(run.report).toMatchObject({ status: 'not-found', provider: { id: 'closed' } });
    expect(codesOf(run)).toEqual(['no-submission']);
    expect(run.probed).toEqual([]);
  });

  it('a provider that is reached only by a program of your own ends guessing', async () => {
    const blocked = probeResult({ outcome: 'unreachable', blocked: true, auth: [], tls: null });
    const run = await find('you@bridged.example', {
      hosts: { 'smtp.bridged.example': ['192.0.2.1'] },
      servers: { '127.0.0.1:1025/starttls': blocked, 'smtp.bridged.example:465/tls': ok },
    });
    expect(answerOf(run)).toBe('127.0.0.1:1025/starttls');
    expect(run.report).toMatchObject({ status: 'unverified', complete: true });
    expect(codesOf(run)).toEqual(['local-server']);
  });

  it('both services denied end guessing, one denied only its own', async () => {
    const denied = { '_submissions._tcp.example.com SRV': [srvRecord('0 0 0 .')] };
    const guessable: World = {
      hosts: { 'smtp.example.com': ['192.0.2.1'] },
      servers: { 'smtp.example.com:465/tls': ok, 'smtp.example.com:587/starttls': ok },
    };
    const one = await find('you@example.com', { ...guessable, zone: denied });
    expect(answerOf(one)).toBe('smtp.example.com:587/starttls');
    const both = await find('you@example.com', {
      ...guessable,
      zone: { ...denied, '_submission._tcp.example.com SRV': [srvRecord('0 0 0 .')] },
    });
    expect(both.report.status).toBe('not-found');
    const warnings = both.report.warnings.filter(({ code }) => code === 'submission-denied');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.message).toMatch(/example\.com .*_submissions .*_submission /);
  });

  it('a listed domain that has moved follows its mail, with a warning', async () => {
    const run = await find('you@bigmail.example', {
      zone: { 'bigmail.example MX': [mxRecord('10 mx.hostbox.example')] },
      servers: { 'mail.bigmail.example:587/starttls': ok, 'smtp.bigmail.example:465/tls': ok },
    });
    expect(answerOf(run)).toBe('mail.bigmail.example:587/starttls');
    expect(run.report.settings?.evidence[0]?.source).toBe('mx-provider');
    expect(codesOf(run)).toContain('moved');
  });

  it('an address beyond ASCII needs a server with SMTPUTF8', async () => {
    const world = (capabilities: Record<string, string>): World => ({
      documents: { [AUTOCONFIG]: clientConfig('smtp.example.com:465') },
      servers: { 'smtp.example.com:465/tls': probeResult({ capabilities }) },
    });
    expect(codesOf(await find('jörg@example.com', world({})))).toEqual(['smtputf8-missing']);
    expect(codesOf(await find('jörg@example.com', world({ SMTPUTF8: '' })))).toEqual([]);
    expect(codesOf(await find('you@example.com', world({})))).toEqual([]);
  });

  it('a host that mixes scripts, and AUTH before TLS, are told of', async () => {
    const host = 'xn--exmple-4nf.com'; // with a Cyrillic а
    const run = await find('you@example.com', {
      documents: { [AUTOCONFIG]: clientConfig(`${host}:587/STARTTLS`) },
      servers: { [`${host}:587/starttls`]: probeResult({ startTls: true, clearAuth: ['PLAIN'] }) },
    });
    expect(codesOf(run)).toEqual(['clear-auth', 'look-alike']);
  });

  it('sources that disagree are named', async () => {
    const run = await find('you@example.com', {
      zone: { '_submissions._tcp.example.com SRV': [srvRecord('0 1 465 dead.example.com')] },
      documents: { [AUTOCONFIG]: clientConfig('smtp.example.com:465') },
      servers: { 'smtp.example.com:465/tls': ok },
    });
    expect(answerOf(run)).toBe('smtp.example.com:465/tls');
    const conflict = run.report.warnings.find(({ code }) => code === 'conflict');
    expect(conflict?.message).toMatch(
      /dead\.example\.com:465 .* SRV records of example\.com.* smtp\.example\.com:465 .* autoconfig file of example\.com\. .*not be verified: /,
    );
  });

  it('a server that disagrees is told of once, whoever names it', async () => {
    const url = (scheme: string): string =>
      `${scheme}://autoconfig.example.com/mail/config-v1.1.xml`;
    const run = await find('you@example.com', {
      documents: {
        [url('https')]: clientConfig('dead.example.com:465'),
        [url('http')]: clientConfig('dead.example.com:587/STARTTLS'),
        [`${ISPDB}example.com`]: clientConfig('old.example.com:465'),
      },
      hosts: { 'smtp.example.com': ['192.0.2.1'] },
      servers: { 'smtp.example.com:465/tls': ok },
    });
    expect(answerOf(run)).toBe('smtp.example.com:465/tls');
    const conflicts = run.report.warnings.filter(({ code }) => code === 'conflict');
    expect(conflicts).toHaveLength(2);
    expect(conflicts[0]?.message).toMatch(/dead\.example\.com:465 .* plain HTTP/);
    expect(conflicts[1]?.message).toMatch(/old\.example\.com:465 /);
  });
});

describe('other ways into the decided server', () => {
  const documents = {
    [AUTOCONFIG]: clientConfig(
      'smtp.example.com:465',
      'smtp.example.com:587/STARTTLS',
      'smtp.example.com:25/plain',
      'other.example.com:465',
    ),
  };

  it('are the other ports of its host, as the same document has them', async () => {
    const servers = { 'smtp.example.com:465/tls': ok };
    const run = await find('you@example.com', { documents, servers });
    expect(run.report.alsoOffered).toEqual([
      { host: 'smtp.example.com', port: 587, encryption: 'starttls' },
    ]);
  });

  it('are not those that were tried before', async () => {
    const servers = { 'smtp.example.com:587/starttls': ok };
    const run = await find('you@example.com', { documents, servers });
    expect(answerOf(run)).toBe('smtp.example.com:587/starttls');
    expect(run.report.alsoOffered).toEqual([]);
  });

  it('are those of the database, whoever named the host', async () => {
    const host = 'smtp.bigmail.example';
    const run = await find('you@example.com', {
      zone: { '_submissions._tcp.example.com SRV': [srvRecord(`0 1 465 ${host}`)] },
      servers: { [`${host}:465/tls`]: ok },
    });
    expect(run.report.alsoOffered).toEqual([{ host, port: 587, encryption: 'starttls' }]);
  });

  it('are the other SRV records of the domain, which are one publication', async () => {
    const zone = {
      '_submissions._tcp.example.com SRV': [srvRecord('0 1 465 smtp.example.com')],
      '_submission._tcp.example.com SRV': [srvRecord('0 1 587 smtp.example.com')],
    };
    const servers = { 'smtp.example.com:465/tls': ok };
    const starttls = { host: 'smtp.example.com', port: 587, encryption: 'starttls' };
    const slow: Delays = (question) => (question.startsWith('_submission._tcp') ? 40 : 0);
    for (const delays of [atOnce, slow]) {
      const run = await find('you@example.com', { zone, servers }, delays);
      expect(run.report.alsoOffered).toEqual([starttls]);
    }
  });

  it('are none that were seen to fail, where everything is let finish', async () => {
    const servers = { 'smtp.example.com:465/tls': ok };
    const run = await find('you@example.com', { documents, servers }, atOnce, { exhaust: true });
    expect([answerOf(run), run.report.alsoOffered]).toEqual(['smtp.example.com:465/tls', []]);
    const both = { ...servers, 'smtp.example.com:587/starttls': ok };
    const all = await find('you@example.com', { documents, servers: both }, atOnce, {
      exhaust: true,
    });
    expect(all.report.alsoOffered).toHaveLength(1);
  });

  it('are none where nothing could be verified', async () => {
    expect((await find('you@example.com', { documents })).report.alsoOffered).toEqual([]);
  });
});

describe('no network', () => {
  const every = <T>(value: T): Record<string, T> => new Proxy({}, { get: () => value });
  const cut: Paper = {
    zone: every(dnsFailure),
    documents: every({ kind: 'failed', reason: 'dns', detail: 'no', reached: false }),
  };
  const unreachable = probeResult({
    outcome: 'dns',
    auth: [],
    tls: null,
    reached: false,
    temporary: true,
  });

  it('still answers a known provider, unverified, and says why', async () => {
    const run = await find(
      'you@bigmail.example',
      {
        ...cut,
        servers: {
          'smtp.bigmail.example:465/tls': unreachable,
          'smtp.bigmail.example:587/starttls': unreachable,
        },
      },
      atOnce,
      { skip: new Set(['guess']) },
    );
    expect(run.report).toMatchObject({ status: 'unverified', complete: false });
    expect(codesOf(run)[0]).toBe('network-unreachable');
  });

  it('finds nothing for an unknown one', async () => {
    const run = await find('you@example.com', cut, atOnce, { skip: new Set(['guess']) });
    expect(run.report).toMatchObject({ status: 'not-found', complete: false });
    expect(codesOf(run)).toContain('network-unreachable');
  });
});

describe('time', () => {
  // What is loaded when it is first needed takes turns that no clock here counts.
  beforeAll(() => import('fast-xml-parser'));
  beforeEach(() => {
    vi.useFakeTimers();
    return () => void vi.useRealTimers();
  });
  const findSoon = (...query: Parameters<typeof find>): Promise<Run> =>
    skippingWaits(find(...query));

  it('a source that never answers costs its own limit, and marks the result incomplete', async () => {
    const slow: Delays = (question) => (question === AUTOCONFIG ? 60_000 : 0);
    const run = await findSoon(
      'you@example.com',
      {
        documents: { [WELL_KNOWN]: clientConfig('smtp.example.com:465') },
        servers: { 'smtp.example.com:465/tls': ok },
      },
      slow,
      { timeoutMs: 400 },
    );
    expect(run.report).toMatchObject({ status: 'verified', complete: false });
    expect(run.report.sources.find(({ from }) => from === AUTOCONFIG)?.outcome).toBe('timeout');
    expect(codesOf(run)).toContain('incomplete');
  });

  it('a source that ranks lower is not waited for', async () => {
    const slow: Delays = (question) =>
      /^https:.*(?:ispdb|autodiscover)/.test(question) ? 60_000 : 0;
    const run = await findSoon(
      'you@example.com',
      {
        zone: { '_submission._tcp.example.com SRV': [srvRecord('0 1 587 smtp.example.com')] },
        servers: { 'smtp.example.com:587/starttls': ok },
      },
      slow,
    );
    expect(run.report).toMatchObject({ status: 'verified', complete: true });
    expect(
      run.report.sources.filter(({ outcome }) => outcome === 'cancelled').length,
    ).toBeGreaterThan(2);
  });

  it('with more of it, names and web servers have more too, in proportion', async () => {
    const paper = paperNetwork({});
    const factors = new Set<number | undefined>();
    const network: Network = {
      ...paper,
      dns: {
        query: (name, type, signal, timeFactor) => {
          factors.add(timeFactor);
          return paper.dns.query(name, type, signal);
        },
      },
      resolveHost: (host, signal, timeFactor) => {
        factors.add(timeFactor);
        return paper.resolveHost(host, signal);
      },
      fetch: (url, fetchOptions) => {
        factors.add(fetchOptions.timeFactor);
        return paper.fetch(url, fetchOptions);
      },
    };
    const context = { network, providers: directory, sendAddress: false, ispdbUrl: ISPDB };
    await findSoon('you@example.com', {}, atOnce, { timeoutMs: 60_000, context });
    expect([...factors]).toEqual([3]);
  });

  describe('of a published server that is slow', () => {
    const world: World = {
      zone: { '_submissions._tcp.example.com SRV': [srvRecord('0 1 465 slow.example.com')] },
      servers: { 'slow.example.com:465/tls': ok, 'smtp.example.com:465/tls': ok },
    };
    const slow: Delays = (question) => (question === 'slow.example.com:465/tls' ? 12_000 : 0);
    const patient = { timeoutMs: 20_000 };

    it('there is enough while nothing else is verified', async () => {
      const run = await findSoon('you@example.com', world, slow, patient);
      expect(answerOf(run)).toBe('slow.example.com:465/tls');
      expect(run.report.status).toBe('verified');
    });

    it('there is no more than for any other once another is verified', async () => {
      const guessable = { ...world, hosts: { 'smtp.example.com': ['192.0.2.1'] } };
      const run = await findSoon('you@example.com', guessable, slow, patient);
      expect(answerOf(run)).toBe('smtp.example.com:465/tls');
      expect(run.report).toMatchObject({ status: 'verified', complete: false });
    });

    it('there is more with a longer deadline', async () => {
      const guessable = { ...world, hosts: { 'smtp.example.com': ['192.0.2.1'] } };
      const run = await findSoon('you@example.com', guessable, slow, { timeoutMs: 40_000 });
      expect(answerOf(run)).toBe('slow.example.com:465/tls');
    });
  });

  it('the query ends at its deadline, with what is known', async () => {
    const run = await findSoon(
      'you@example.com',
      { documents: { [AUTOCONFIG]: clientConfig('smtp.example.com:465') } },
      (question) => (question.startsWith('smtp.example.com:465') ? 60_000 : 0),
      { timeoutMs: 300 },
    );
    expect(run.report).toMatchObject({ status: 'unverified', complete: false });
    expect(codesOf(run)).toContain('connection-timeout');
  });

  it('an aborted query rejects with the reason at once', async () => {
    const controller = new AbortController();
    const running = findSoon('you@example.com', {}, () => 60_000, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });

  it('does not show in what sources disagree about', async () => {
    const world: World = {
      zone: { '_submission._tcp.example.com SRV': [srvRecord('0 1 587 b.example.com')] },
      documents: {
        [AUTOCONFIG]: clientConfig('smtp.example.com:587/plain', 'a.example.com:465'),
      },
      servers: {
        'b.example.com:587/starttls': ok,
        'smtp.example.com:587/none': probeResult({ startTls: true, tls: null }),
        'smtp.example.com:587/starttls': ok,
      },
    };
    // What is learned of the loser comes before or after the decision.
    const slowAt =
      (slow: string): Delays =>
      (question) =>
        question === slow ? 400 : 0;
    const [before, after] = await skippingWaits(
      Promise.all([
        find('you@example.com', world, slowAt('b.example.com:587/starttls')),
        find('you@example.com', world, slowAt('smtp.example.com:587/none')),
      ]),
    );
    expect(answerOf(before)).toBe('b.example.com:587/starttls');
    expect(codesOf(before)).toContain('conflict');
    expect(essence(after)).toEqual(essence(before));
  });

  it('never changes the decision, the evidence or the warnings', async () => {
    const server = fc.constantFrom(
      'a.example.com:465',
      'b.example.com:587/STARTTLS',
      'c.other.example:465',
      'smtp.bigmail.example:587/STARTTLS',
      'smtp.example.com:587/plain',
      'a.example.com:465/SSL/%EMAILLOCALPART%',
      'a.example.com:587/STARTTLS/%EMAILLOCALPART%',
    );
    const probe = fc.constantFrom(
      ok,
      refused,
      badCertificate('name'),
      badCertificate('expired'),
      probeResult({ outcome: 'no-auth', auth: [] }),
      probeResult({ startTls: true, tls: null }),
    );
    const target = fc.constantFrom(
      '0 1 465 a.example.com',
      '0 1 587 b.example.com',
      '0 0 0 .',
      '5 1 587 c.other.example',
    );
    const keys = [
      'a.example.com:465/tls',
      'a.example.com:587/starttls',
      'b.example.com:587/starttls',
      'c.other.example:465/tls',
      'smtp.example.com:587/none',
      'smtp.example.com:587/starttls',
      'smtp.example.com:465/tls',
      'c.other.example:587/starttls',
      'smtp.bigmail.example:465/tls',
      'smtp.bigmail.example:587/starttls',
    ];
    const option = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value);
    const world = fc.record({
      mx: option(
        fc.constantFrom(
          '10 a.mx.bigmail.example',
          '10 mx.example.com',
          '10 mx.filter.example',
          '10 mx1.mail.hoster.example',
        ),
      ),
      submissions: option(target),
      submission: option(target),
      autoconfig: option(fc.array(server, { minLength: 1, maxLength: 3 })),
      wellKnown: option(fc.array(server, { minLength: 1, maxLength: 2 })),
      ispdb: option(fc.array(server, { minLength: 1, maxLength: 2 })),
      mxAutoconfig: option(fc.array(server, { minLength: 1, maxLength: 2 })),
      unprotected: option(fc.array(server, { minLength: 1, maxLength: 2 })),
      probes: fc.array(probe, { minLength: keys.length, maxLength: keys.length }),
      guessable: fc.boolean(),
      domain: fc.constantFrom('example.com', 'bigmail.example'),
      now: fc.constantFrom(NOW, LATER),
      probing: fc.boolean(),
    });
    const seeds = fc.tuple(fc.nat(), fc.nat());
    await fc.assert(
      fc.asyncProperty(world, seeds, async (facts, [first, second]) => {
        const { domain, now, probing } = facts;
        const document = (url: string, servers: string[] | null) =>
          servers ? { [url]: clientConfig(...servers) } : {};
        const paper: World = {
          zone: {
            ...(facts.mx && { [`${domain} MX`]: [mxRecord(facts.mx)] }),
            ...(facts.submissions && {
              [`_submissions._tcp.${domain} SRV`]: [srvRecord(facts.submissions)],
            }),
            ...(facts.submission && {
              [`_submission._tcp.${domain} SRV`]: [srvRecord(facts.submission)],
            }),
          },
          documents: {
            ...document(`https://autoconfig.${domain}/mail/config-v1.1.xml`, facts.autoconfig),
            ...document(
              `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`,
              facts.wellKnown,
            ),
            ...document(`https://ispdb.example/v1.1/${domain}`, facts.ispdb),
            ...document(`http://autoconfig.${domain}/mail/config-v1.1.xml`, facts.unprotected),
            ...document(
              'https://autoconfig.mail.hoster.example/mail/config-v1.1.xml',
              facts.mxAutoconfig,
            ),
          },
          hosts: facts.guessable ? { [`smtp.${domain}`]: ['192.0.2.1'] } : {},
          servers: Object.fromEntries(keys.map((key, i) => [key, facts.probes[i] ?? refused])),
        };
        const [one, two] = await skippingWaits(
          Promise.all(
            [first, second].map((seed) =>
              find(`you@${domain}`, paper, shuffled(seed), { now, probing }),
            ),
          ),
        );
        expect(essence(two)).toEqual(essence(one));
        const patient = await findSoon(`you@${domain}`, paper, atOnce, {
          exhaust: true,
          now,
          probing,
        });
        expect(answerOf(patient)).toEqual(one && answerOf(one));
        // All was let finish, so what fails is known.
        const fails = (endpoint: Endpoint): boolean =>
          patient.report.alternatives.some(
            ({ probe, ...other }) =>
              endpointKey(other) === endpointKey(endpoint) &&
              probe !== null &&
              probe.outcome !== 'ok',
          );
        expect(patient.report.alsoOffered).toEqual(
          one?.report.alsoOffered.filter((endpoint) => !fails(endpoint)),
        );
        expect(withoutEvidence(patient)).toEqual(one && withoutEvidence(one));
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});

/** Some milliseconds for each question, other ones for each seed; now and then past the head start. */
function shuffled(seed: number): Delays {
  return (question) => {
    let hash = seed | 1;
    for (const char of question) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
    const roll = (hash >>> 8) % 100;
    return roll > 97 ? 260 : roll % 6;
  };
}

/** The settings that `--all` must not change: it only tells of more evidence for them. */
function withoutEvidence({ report: { settings } }: Run): unknown {
  return settings && { ...settings, evidence: null };
}

/** What must not depend on time. */
function essence(run: Run | undefined): unknown {
  if (!run) return null;
  const { status, settings, alsoOffered, provider, warnings, complete } = run.report;
  return { status, settings, alsoOffered, provider, warnings, complete };
}
