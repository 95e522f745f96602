/**
 * Every source, found, with nothing to say, malformed, refusing, slow and dead: what is decided,
 * and what `--explain` says of it. Beside every domain there is `smtp.DOMAIN` to be guessed, so
 * that each line also shows that the failure of a source stays its own.
 *
 * Many scenes share a lab and a session, and play at the same time.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { createSession } from '../../src/api/session.ts';
import type { Report } from '../../src/report/report.ts';
import { createLab } from '../lab/lab.ts';
import type { CliResult } from '../lab/run-cli.ts';
import { runInProcess } from '../lab/run-in-process.ts';
import type { Scenario } from '../lab/scenario.ts';
import type { WebDocument } from '../lab/web-server.ts';
import * as scenes from './scenes.ts';
import { autoconfigUrl, autodiscoverUrl, ispdbUrl, paccUrl, wellKnownUrl } from './scenes.ts';

interface Scene {
  /** What is wrong, or right. */
  readonly kind: string;
  /** Scenes of one lab must not meddle with the same hosts. */
  readonly lab: string;
  readonly title?: string;
  readonly query: string;
  readonly scenario: Scenario;
  /** The place whose answer is looked at. */
  readonly source: string;
  readonly from: string;
  /** What it says, outcome first. */
  readonly told: RegExp;
  readonly decision: string;
  readonly complete: boolean;
  readonly warnings: readonly string[];
}

const played: Scene[] = [];

// Documents ---------------------------------------------------------------------------------------

/** A place where a document may be published. */
interface Place {
  readonly source: string;
  /** Where the document is. */
  readonly url: string;
  /** What `--explain` calls the place, when it is not the URL. */
  readonly from?: string;
  /** What leads there. */
  readonly zone?: Scenario['zone'];
  readonly web?: Scenario['web'];
  readonly format?: 'pacc' | 'autodiscover';
  /** Asked about a subdomain. */
  readonly below?: true;
}

/** @param d the domain, @param h somebody who hosts its mail */
const placesOf = (d: string, h: string): readonly Place[] => {
  const exchange = autodiscoverUrl(`exchange.${h}`);
  const redirecting = autodiscoverUrl(`autodiscover.${d}`, 'http');
  const mx = { [d]: { MX: `10 mx1.mail.${h}` } };
  const conf = `https://conf.${h}/mail.xml`;
  return [
    { source: 'pacc', url: paccUrl(d), format: 'pacc' },
    { source: 'autoconfig', url: autoconfigUrl(d) },
    { source: 'autoconfig', url: wellKnownUrl(d) },
    { source: 'ispdb', url: ispdbUrl(d) },
    { source: 'autodiscover', url: autodiscoverUrl(`autodiscover.${d}`), format: 'autodiscover' },
    { source: 'autodiscover', url: autodiscoverUrl(d), format: 'autodiscover' },
    {
      source: 'autodiscover',
      url: exchange,
      from: redirecting,
      web: { [redirecting]: { redirect: exchange } },
      format: 'autodiscover',
    },
    {
      source: 'autodiscover',
      url: exchange,
      from: `_autodiscover._tcp.${d} SRV`,
      zone: { [`_autodiscover._tcp.${d}`]: { SRV: `0 0 443 exchange.${h}` } },
      format: 'autodiscover',
    },
    {
      source: 'mailconf',
      url: conf,
      from: `${d} TXT mailconf`,
      zone: { [d]: { TXT: ['v=spf1 -all', `mailconf=${conf}`] } },
    },
    { source: 'mx-autoconfig', url: autoconfigUrl(`mail.${h}`), zone: mx },
    { source: 'mx-autoconfig', url: ispdbUrl(`mail.${h}`), zone: mx },
    { source: 'mx-autoconfig', url: autoconfigUrl(h), zone: mx },
    { source: 'mx-autoconfig', url: wellKnownUrl(h), zone: mx },
    { source: 'parent', url: paccUrl(d), format: 'pacc', below: true },
    { source: 'parent', url: autoconfigUrl(d), below: true },
    { source: 'parent', url: ispdbUrl(d), below: true },
    { source: 'autoconfig-http', url: autoconfigUrl(d, 'http') },
    { source: 'autoconfig-http', url: wellKnownUrl(d, 'http') },
  ];
};

const other = '<rss version="2.0"><channel/></rss>';
const documentsOf = {
  clientConfig: (d: string) => ({
    good: scenes.clientConfig(`post.${d}`),
    malformed: '<clientConfig version="1.1"><emailProvider id="x"><outgoingServer type="smtp">',
    unusable: scenes.clientConfig({ host: 'http://post' }),
    silent: '<clientConfig version="1.1"><emailProvider id="x"/></clientConfig>',
    other,
  }),
  pacc: (d: string) => ({
    good: scenes.pacc(`post.${d}`),
    malformed: '{"protocols": {"submit": {"host": ',
    unusable: scenes.pacc('http://post'),
    silent: '{"protocols":{"imap":{"host":"imap.corp.example"}}}',
    other: '["submit"]',
  }),
  autodiscover: (d: string) => ({
    good: scenes.autodiscover(`post.${d}`, d),
    malformed: '<Autodiscover><Response><Account>',
    unusable: scenes.autodiscover('http://post', d),
    silent: scenes.account('<Protocol><Type>IMAP</Type><Server>imap.x.example</Server></Protocol>'),
    other,
  }),
} as const;
type Documents = ReturnType<(typeof documentsOf)['clientConfig']>;

interface Condition {
  /** At the URL; nothing serves it by default. */
  readonly web?: (documents: Documents, url: string) => WebDocument;
  readonly rest?: (host: string, port: number) => Scenario;
  readonly told: RegExp;
  /** Settings are found; default: they are guessed. */
  readonly found?: true;
  /** It may be otherwise the next time; default: the result is complete. */
  readonly passing?: true;
  readonly warning?: string;
  /** For every place; default: for the first of a format. */
  readonly everywhere?: true;
  /** Makes sense over TLS alone. */
  readonly tls?: true;
}

const page = '<!DOCTYPE html><html><body>Parked at emailaddress.example</body></html>';
const big = `<clientConfig>${' '.repeat(300_000)}</clientConfig>`;
const everywhere = true;
const passing = true;
const found = true;
const tls = true;
const certificate =
  (choice: 'expired' | 'self-signed' | 'untrusted' | 'wrong-name' | 'common-name-only') =>
  (host: string): Scenario => ({ certificates: { [host]: choice } });
const listening =
  (how: 'refused' | 'hang') =>
  (host: string, port: number): Scenario => ({ servers: { [`${host}:${port}`]: how } });
const warning = 'source-malformed';

// biome-ignore format: a table, one line a case
const conditions: Readonly<Record<string, Condition>> = {
  found: { web: ({ good }) => good, told: /^found: HTTP 200/, found, everywhere },
  slow: { web: ({ good }) => ({ body: good, delayMs: 600 }), told: /^found: HTTP 200/, found, everywhere },
  'no host': { told: /^nothing: .*does not exist/ },
  '404': { web: () => ({ status: 404 }), told: /^nothing: .*HTTP 404/, everywhere },
  'a web page': { web: () => page, told: /^nothing: .*HTTP 200: a web page/ },
  malformed: { web: ({ malformed }) => malformed, told: /^failed: .*HTTP 200: malformed/, warning, everywhere },
  '503': { web: () => ({ status: 503 }), told: /^failed: .*HTTP 503$/, passing, everywhere },
  refused: { rest: listening('refused'), told: /^failed: .*refused the connection/, everywhere },
  hanging: { web: () => ({ instead: 'hang' }), told: /^(timeout: no answer within 4 s|failed: \S+: no answer in time)$/, passing, everywhere },
  'hanging on connect': { rest: listening('hang'), told: /^timeout: no answer within 4 s$/, passing },
  unusable: { web: ({ unusable }) => unusable, told: /^failed: HTTP 200: .*(host|server)\b/, warning },
  'another kind': { web: (documents) => documents.other, told: /^nothing: HTTP 200: (an XML document of another kind \(rss\)|not a JSON object)/ },
  'nothing for sending': { web: ({ silent }) => silent, told: /^nothing: HTTP 200: (no outgoing server|settings, but none for SMTP|no submission server)/ },
  empty: { web: () => '', told: /^nothing: HTTP 200: an empty document/ },
  '204': { web: () => ({ status: 204 }), told: /^nothing: HTTP 204/ },
  '401': { web: () => ({ status: 401 }), told: /^nothing: HTTP 401: it (exists, and wants a login|is not public)/ },
  '403': { web: () => ({ status: 403 }), told: /^nothing: HTTP 403: it is not public/ },
  '410': { web: () => ({ status: 410 }), told: /^nothing: HTTP 410$/ },
  '429': { web: () => ({ status: 429 }), told: /^failed: HTTP 429$/, passing },
  '500 with a page': { web: () => ({ status: 500, body: page }), told: /^failed: HTTP 500$/, passing },
  'hung up on': { web: () => ({ instead: 'close' }), told: /^failed: .*(closed|ended|reset) the connection/, passing },
  'too large': { web: () => big, told: /^failed: .*its answer is larger than 256 KiB/ },
  expired: { web: ({ good }) => good, rest: certificate('expired'), told: /^failed: .*the certificate expired on/, tls },
  'self-signed': { web: ({ good }) => good, rest: certificate('self-signed'), told: /^failed: .*the certificate is self-signed/, tls },
  untrusted: { web: ({ good }) => good, rest: certificate('untrusted'), told: /^failed: .*an issuer that is not trusted/, tls },
  'common name alone': { web: ({ good }) => good, rest: certificate('common-name-only'), told: /^failed: .*only in its common name/, tls },
  'wrong name': { web: ({ good }) => good, rest: certificate('wrong-name'), told: /^failed: .*for another name \(another-host\.example\)/, tls },
  'redirected to plain HTTP': { web: (_, url) => ({ redirect: url.replace('https', 'http') }), told: /^failed: .*redirects from HTTPS to plain HTTP/, tls },
  'redirected to itself': { web: (_, url) => ({ redirect: url }), told: /^failed: .*redirects in a circle/ },
  'redirected to a mail port': { web: () => ({ redirect: 'https://smtp.corp.example:465/' }), told: /^failed: .*which is no web address/ },
  'redirected to a script': { web: () => ({ redirect: 'javascript:alert(1)' }), told: /^failed: .*which is no web address/ },
};

const known = new Set<string>();
for (const [index, { source }] of placesOf('', '').entries()) {
  for (const [kind, condition] of Object.entries(conditions)) {
    const d = `d${played.length}.example`;
    const place = placesOf(d, `h${played.length}.example`)[index];
    if (!place) continue;
    const { url, from = url, format = 'clientConfig', below = false } = place;
    const { hostname, protocol } = new URL(url);
    const first = !known.has(`${format} ${protocol} ${kind}`);
    known.add(`${format} ${protocol} ${kind}`);
    if (!(condition.everywhere || first) || (condition.tls && protocol === 'http:')) continue;
    const answer = condition.web?.(documentsOf[format](d), url);
    const rest = condition.rest?.(hostname, protocol === 'https:' ? 443 : 80) ?? {};
    const asked = below ? `dept.${d}` : d;
    played.push({
      kind,
      lab: condition.everywhere ? kind : 'various',
      query: `you@${asked}`,
      scenario: {
        zone: place.zone ?? {},
        web: { ...place.web, ...(answer !== undefined && { [url]: answer }) },
        certificates: rest.certificates ?? {},
        servers: { [`post.${d}:465`]: {}, [`smtp.${asked}:465`]: {}, ...rest.servers },
      },
      source,
      from,
      told: condition.told,
      decision: condition.found
        ? `post.${d}:465/tls verified ${source}`
        : `smtp.${asked}:465/tls verified guess`,
      complete: !condition.passing,
      warnings: [
        ...(condition.found ? [] : ['assumed-username']),
        ...(condition.warning ? [condition.warning] : []),
        ...(condition.passing ? ['incomplete'] : []),
      ],
    });
  }
}

// Records -----------------------------------------------------------------------------------------

interface RecordCase {
  readonly source: string;
  readonly name: string;
  /** Default: the first name in the zone or in `dns`. */
  readonly from?: (d: string) => string;
  readonly scenario: (d: string, h: string) => Scenario;
  readonly told: RegExp;
  /** Default: what is guessed. */
  readonly decision?: (d: string, h: string) => string;
  readonly warnings?: readonly string[];
  readonly passing?: true;
}

const zone = (name: string, records: NonNullable<Scenario['zone']>[string]): Scenario => ({
  zone: { [name]: records },
});
const google = { MX: ['1 aspmx.l.google.com', '5 alt1.aspmx.l.google.com'] };
const gmail = { servers: { 'smtp.gmail.com:465': {} } };
const byGoogle = (): string => 'smtp.gmail.com:465/tls verified mx-provider';
const unlucky = (name: string, how: NonNullable<Scenario['dns']>[string]): Scenario => ({
  dns: { [name]: how },
});
/** The resolver's patience and the source's end at the same time. */
const SILENT = /^(timeout: no answer within 2 s|failed: .* did not answer)$/;
const submissions = (d: string): string => `_submissions._tcp.${d}`;
const submission = (d: string): string => `_submission._tcp.${d}`;
const assumed = ['assumed-username'];
const own =
  (port: number, source = 'srv') =>
  (d: string): string =>
    `post.${d}:${port}/${port === 465 ? 'tls' : 'starttls'} verified ${source}`;
const foreign = (_: string, h: string): string => `post.${h}:465/tls verified srv-foreign`;
const host = (place: string, server = {}): Scenario => ({ servers: { [place]: server } });

// biome-ignore format: a table, one line a case
const records: readonly RecordCase[] = [
  { source: 'mx-provider', name: 'found', scenario: (d) => ({ ...gmail, ...zone(d, google) }), told: /^found: aspmx\.l\.google\.com is Google Workspace$/, decision: byGoogle },
  { source: 'mx-provider', name: 'slow', scenario: (d) => ({ ...gmail, ...zone(d, google), ...unlucky(d, { delayMs: 600 }) }), told: /^found: /, decision: byGoogle },
  { source: 'mx-provider', name: 'over TCP', scenario: (d) => ({ ...gmail, ...zone(d, google), ...unlucky(d, { truncate: true }) }), told: /^found: /, decision: byGoogle },
  { source: 'mx-provider', name: 'one packet lost', scenario: (d) => ({ ...gmail, ...zone(d, google), ...unlucky(`${d}/MX`, { drop: 1 }) }), told: /^found: /, decision: byGoogle },
  { source: 'mx-provider', name: 'no MX', scenario: (d) => zone(d, { TXT: 'x' }), told: /^nothing: NODATA$/ },
  { source: 'mx-provider', name: 'an unknown MX', scenario: (d, h) => zone(d, { MX: `10 mx.${h}` }), told: /^nothing: mx\.h\d+\.example: no provider that the database knows$/ },
  { source: 'mx-provider', name: 'a null MX', scenario: (d) => zone(d, { MX: '0 .' }), told: /^nothing: null MX: it receives no mail \(RFC 7505\)$/, warnings: ['null-mx'] },
  { source: 'mx-provider', name: 'a gateway', scenario: (d) => zone(d, { MX: '10 mx1.corp.pphosted.com' }), told: /^nothing: .* is Proofpoint, which filters or forwards/ },
  { source: 'mx-provider', name: 'SERVFAIL', scenario: (d) => unlucky(`${d}/MX`, { rcode: 'SERVFAIL' }), told: /^failed: .*SERVFAIL/, passing },
  { source: 'mx-provider', name: 'REFUSED', scenario: (d) => unlucky(`${d}/MX`, { rcode: 'REFUSED' }), told: /^failed: .*REFUSED/, passing },
  { source: 'mx-provider', name: 'no answer', scenario: (d) => unlucky(`${d}/MX`, { drop: true }), told: SILENT, passing },
  { source: 'srv', name: 'found: _submissions', scenario: (d) => zone(submissions(d), { SRV: `0 1 465 post.${d}` }), told: /^found: post\.d\d+\.example:465$/, decision: own(465), warnings: assumed },
  { source: 'srv', name: 'found: _submission', scenario: (d) => ({ ...host(`post.${d}:587`), ...zone(submission(d), { SRV: `0 1 587 post.${d}` }) }), told: /^found: post/, decision: own(587), warnings: assumed },
  { source: 'srv', name: 'found: _submission on 465', scenario: (d) => zone(submission(d), { SRV: `0 1 465 post.${d}` }), told: /^found: post/, decision: own(465), warnings: assumed },
  { source: 'srv', name: 'found: _smtps', scenario: (d) => zone(`_smtps._tcp.${d}`, { SRV: `0 1 465 post.${d}` }), told: /^found: post/, decision: own(465), warnings: assumed },
  { source: 'srv', name: "found: a known provider's", scenario: (d) => ({ ...gmail, ...zone(submissions(d), { SRV: '0 1 465 smtp.gmail.com' }) }), told: /^found: smtp\.gmail\.com:465$/, decision: () => 'smtp.gmail.com:465/tls verified srv', warnings: assumed },
  { source: 'srv', name: 'found: validated', scenario: (d, h) => ({ ...host(`post.${h}:465`), ...zone(submissions(d), { SRV: `0 1 465 post.${h}` }), ...unlucky(submissions(d), { authentic: true }) }), told: /^found: post/, decision: (_, h) => `post.${h}:465/tls verified srv`, warnings: assumed },
  { source: 'srv', name: 'slow', scenario: (d) => ({ ...zone(submissions(d), { SRV: `0 1 465 post.${d}` }), ...unlucky(submissions(d), { delayMs: 600 }) }), told: /^found: post/, decision: own(465), warnings: assumed },
  { source: 'srv', name: 'none', from: submissions, scenario: () => ({}), told: /^nothing: NXDOMAIN$/ },
  { source: 'srv', name: 'no data', scenario: (d) => zone(submissions(d), { TXT: 'x' }), told: /^nothing: NODATA$/ },
  { source: 'srv', name: 'malformed', scenario: (d) => zone(submissions(d), { SRV: `0 1 0 post.${d}` }), told: /^nothing: no usable record$/ },
  { source: 'srv', name: 'SERVFAIL', scenario: (d) => unlucky(submissions(d), { rcode: 'SERVFAIL' }), told: /^failed: .*SERVFAIL/, passing },
  { source: 'srv', name: 'no answer', scenario: (d) => unlucky(submissions(d), { drop: true }), told: SILENT, passing },
  { source: 'srv-foreign', name: 'found', scenario: (d, h) => ({ ...host(`post.${h}:465`), ...zone(submissions(d), { SRV: `0 1 465 post.${h}` }) }), told: /^found: post\.h\d+\.example:465$/, decision: foreign, warnings: ['host-outside-domain', 'assumed-username'] },
  { source: 'srv-foreign', name: 'slow', scenario: (d, h) => ({ ...host(`post.${h}:465`), ...zone(submissions(d), { SRV: `0 1 465 post.${h}` }), ...unlucky(submissions(d), { delayMs: 600 }) }), told: /^found: /, decision: foreign, warnings: ['host-outside-domain', 'assumed-username'] },
  { source: 'srv-foreign', name: 'none of it foreign', scenario: (d) => zone(submissions(d), { SRV: `0 1 465 dead.${d}` }), told: /^nothing: .*: inside d\d+\.example or a known provider's$/, warnings: ['conflict'] },
  { source: 'mailconf', name: 'no URL', from: (d) => `${d} TXT`, scenario: (d) => zone(d, { TXT: 'mailconf=nonsense' }), told: /^nothing: no mailconf record with an HTTPS URL$/ },
  { source: 'mailconf', name: 'plain HTTP', from: (d) => `${d} TXT`, scenario: (d) => zone(d, { TXT: `mailconf=http://${d}/x` }), told: /^nothing: no mailconf record with an HTTPS URL$/ },
  { source: 'mailconf', name: 'SERVFAIL', from: (d) => `${d} TXT`, scenario: (d) => unlucky(`${d}/TXT`, { rcode: 'SERVFAIL' }), told: /^failed: .*SERVFAIL/, passing },
  { source: 'mailconf', name: 'no answer', from: (d) => `${d} TXT`, scenario: (d) => unlucky(`${d}/TXT`, { drop: true }), told: SILENT, passing },
  { source: 'autodiscover', name: 'a denied SRV', scenario: (d) => zone(`_autodiscover._tcp.${d}`, { SRV: '0 0 0 .' }), told: /^nothing: / },
  { source: 'autodiscover', name: 'SERVFAIL', scenario: (d) => unlucky(`_autodiscover._tcp.${d}`, { rcode: 'SERVFAIL' }), told: /^failed: .*SERVFAIL/, passing },
  { source: 'autodiscover', name: 'no answer', scenario: (d) => unlucky(`_autodiscover._tcp.${d}`, { drop: true }), told: SILENT, passing },
  { source: 'mailconf', name: 'one of two URLs dead', from: (d) => `${d} TXT`, scenario: (d) => ({ ...zone(d, { TXT: [`mailconf=https://a.${d}/x`, `mailconf=https://b.${d}/x`] }), web: { [`https://a.${d}/x`]: { instead: 'hang' }, [`https://b.${d}/x`]: scenes.clientConfig(`post.${d}`) } }), told: /^found: HTTP 200: 1 server$/, decision: own(465, 'mailconf'), passing },
  { source: 'autodiscover', name: 'the first of two targets dead', from: (d) => `_autodiscover._tcp.${d}`, scenario: (d) => ({ ...zone(`_autodiscover._tcp.${d}`, { SRV: [`0 0 443 a.${d}`, `1 0 443 b.${d}`] }), web: { [autodiscoverUrl(`a.${d}`)]: { instead: 'hang' }, [autodiscoverUrl(`b.${d}`)]: scenes.autodiscover(`post.${d}`, d) } }), told: /^found: HTTP 200/, decision: own(465, 'autodiscover'), passing },
  { source: 'guess', name: 'found', from: (d) => `smtp.${d}`, scenario: () => ({}), told: /^found: smtp\.d\d+\.example$/ },
  { source: 'guess', name: 'no such name', from: (d) => `mail.${d}`, scenario: () => ({}), told: /^nothing: no such host: mail\.d/ },
  { source: 'guess', name: 'an exchanger without a host', from: (d) => `mail exchangers of ${d}`, scenario: (d, h) => zone(d, { MX: `10 mx.${h}` }), told: /^nothing: no such host: mx\.h/ },
  { source: 'guess', name: 'slow', scenario: (d) => unlucky(`submission.${d}`, { delayMs: 600 }), told: /^(cancelled|nothing): / },
  { source: 'guess', name: 'a name SERVFAIL', scenario: (d) => unlucky(`submission.${d}`, { rcode: 'SERVFAIL' }), told: /^failed: .*SERVFAIL/ },
  { source: 'guess', name: 'a name without answer', scenario: (d) => unlucky(`mail.${d}`, { drop: true }), told: /^cancelled: / },
  { source: 'guess', name: 'both services denied', from: (d) => `smtp.${d}`, scenario: (d) => ({ zone: { [submissions(d)]: { SRV: '0 0 0 .' }, [submission(d)]: { SRV: '0 0 0 .' } } }), told: /^nothing: the domain says that it offers no submission$/, decision: () => 'not-found', warnings: ['submission-denied'] },
  { source: 'guess', name: 'one service denied', from: (d) => `smtp.${d}`, scenario: (d) => ({ ...zone(submissions(d), { SRV: '0 0 0 .' }), ...host(`smtp.${d}:587`) }), told: /^found: /, decision: (d) => `smtp.${d}:587/starttls verified guess`, warnings: ['submission-denied'] },
];

for (const { source, name, scenario, ...expected } of records) {
  const d = `d${played.length}.example`;
  const h = `h${played.length}.example`;
  const scene = scenario(d, h);
  const names = [...Object.keys(scene.zone ?? {}), ...Object.keys(scene.dns ?? {})];
  const from = expected.from?.(d) ?? names[0]?.replace(/\/.*/, '') ?? d;
  const decided = expected.decision?.(d, h) ?? `smtp.${d}:465/tls verified guess`;
  const guessed = decided.endsWith('guess') ? assumed : [];
  played.push({
    kind: 'records',
    lab: 'various',
    title: name,
    query: `you@${d}`,
    scenario: {
      ...scene,
      servers: { [`post.${d}:465`]: {}, [`smtp.${d}:465`]: {}, ...scene.servers },
    },
    source,
    from,
    told: expected.told,
    decision: decided,
    complete: !expected.passing,
    warnings: [
      ...guessed,
      ...(expected.warnings ?? []),
      ...(expected.passing ? ['incomplete'] : []),
    ],
  });
}

// Playing -----------------------------------------------------------------------------------------

const kinds = [...new Set(played.map(({ kind }) => kind))];
const reports = new Map<Scene, Promise<Report>>();

/** Enough that all that hang do so together; of the others, so few that none is late. */
const AT_ONCE = { hanging: 24, others: 6 };

const opened = new Map<string, Awaited<ReturnType<typeof openAll>>>();

beforeAll(async () => {
  // Before any scene begins: to open a lab takes the time of those that play.
  for (const name of new Set(played.map(({ lab }) => lab))) opened.set(name, await openAll(name));
  const hanging = inTurns(AT_ONCE.hanging);
  const others = inTurns(AT_ONCE.others);
  for (const scene of played) {
    const report = (scene.complete ? others : hanging)(async () => {
      return scenes.admitted(async () => stageOf(scene)(scene));
    });
    report.catch(() => {}); // Told by its test.
    reports.set(scene, report);
  }
  return async () => {
    await Promise.allSettled(reports.values());
    await Promise.all([...opened.values()].map((stage) => stage.end()));
  };
});

function stageOf({ lab }: Scene): Awaited<ReturnType<typeof openAll>> {
  const stage = opened.get(lab);
  if (!stage) throw new Error(`there is no lab ${lab}`);
  return stage;
}

/** Runs what it is given, so many at a time. */
function inTurns(atOnce: number): <T>(play: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let playing = 0;
  return async (play) => {
    if (playing >= atOnce) await new Promise<void>((go) => waiting.push(go));
    playing++;
    try {
      return await play();
    } finally {
      playing--;
      waiting.shift()?.();
    }
  };
}

/** A lab with all the scenes that share it. */
async function openAll(name: string) {
  const parts = played.filter((scene) => scene.lab === name).map(({ scenario }) => scenario);
  const lab = await createLab({
    zone: Object.assign({}, ...parts.map(({ zone }) => zone)),
    dns: Object.assign({}, ...parts.map(({ dns }) => dns)),
    web: Object.assign({}, ...parts.map(({ web }) => web)),
    servers: Object.assign({}, ...parts.map(({ servers }) => servers)),
    certificates: Object.assign({}, ...parts.map(({ certificates }) => certificates)),
  });
  const session = await createSession({ ...lab.options, env: {} });
  const play = ({ query }: Scene): Promise<Report> => session.find(query, { explain: true });
  return Object.assign(play, {
    lab,
    async end() {
      await session.close();
      await lab.stop();
    },
  });
}

describe.each(kinds)('%s:', (kind) => {
  const here = played.filter((scene) => scene.kind === kind);
  const titled = here.map(
    (scene) => [`${scene.source}, ${scene.title ?? scene.from}`, scene] as const,
  );
  test.each(titled)('%s', async (_, scene) => {
    const report = await reports.get(scene);
    if (!report) throw new Error('this scene was not played');
    expect(scenes.told(report, scene.source, scene.from)).toMatch(scene.told);
    expect(scenes.decision(report)).toBe(scene.decision);
    expect(scenes.codes(report)).toEqual(scene.warnings);
    expect(report.complete).toBe(scene.complete);
  });
});

describe('the command line says the same of', () => {
  const shown = ['found', 'slow', '404', 'malformed', '503', 'refused'].flatMap((kind) =>
    played.filter(
      (scene) => scene.kind === kind && scene.from === autoconfigUrl(scene.query.slice(4)),
    ),
  );
  const exitCode = 0; // Something is verified in all of them.

  async function run(scene: Scene, ...args: string[]): Promise<CliResult> {
    await Promise.allSettled(reports.values());
    const { lab } = stageOf(scene);
    const result = await runInProcess([scene.query, '--explain', ...args], { lab });
    expect(result).toMatchObject({ code: exitCode, stderr: '' });
    return result;
  }

  test.each(shown.map((scene) => [scene.kind, scene] as const))('%s', async (_, scene) => {
    const [json, text] = await Promise.all([run(scene, '--json'), run(scene)]);
    const report = json.json() as Report;
    expect(scenes.told(report, scene.source, scene.from)).toMatch(scene.told);
    expect(scenes.decision(report)).toBe(scene.decision);
    expect(scenes.codes(report)).toEqual(scene.warnings);

    const [outcome = '', detail = ''] = scenes
      .told(report, scene.source, scene.from)
      .split(/: (.*)/s);
    const lines = text.stdout.split('\n').map((line) => line.trim());
    const row = new RegExp(`^(✔|✖|✘)? *${scene.source} +${outcome} +\\d+ ms`);
    expect(lines.filter((line) => row.test(line)).length).toBeGreaterThan(0);
    // What found nothing shares a line, which may be cut.
    if (outcome !== 'nothing') {
      // Long lines are wrapped, and a URL has no place to break at.
      const at = lines.findLastIndex((line) => `${line} `.startsWith(`${scene.from} `));
      expect(lines[at - 1]).toMatch(new RegExp(`${row.source}$`));
      expect(lines.slice(at, at + 4).join(' ')).toContain(detail.replace(/\s+/g, ' '));
    }
    expect(text.stdout).toContain(scene.complete ? 'Complete, after' : 'Not complete, after');
  });
});
