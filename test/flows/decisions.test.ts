/** What the program promises, each promise as a run of the real command line in the lab. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/report/report.ts';
import type { CertificateChoice } from '../lab/certificate-choice.ts';
import { createLab, type Lab } from '../lab/lab.ts';
import type { CliResult } from '../lab/run-cli.ts';
import { runInProcess } from '../lab/run-in-process.ts';
import type { Scenario } from '../lab/scenario.ts';
import * as scenes from './scenes.ts';
import { autoconfigUrl, codes, decision, told, wellKnownUrl } from './scenes.ts';

const schema: unknown = JSON.parse(
  readFileSync(new URL('../../data/report.schema.json', import.meta.url), 'utf8'),
);
const valid = new Ajv({ strict: false }).compile(schema as object);

/** The one report of a run, after it has been held against the shipped schema. */
function reportOf(result: CliResult): Report {
  const report = result.json();
  expect(valid(report) || valid.errors).toBe(true);
  return report as Report;
}

const submissions = (domain: string): string => `_submissions._tcp.${domain}`;
const submission = (domain: string): string => `_submission._tcp.${domain}`;
const published = (domain: string): Scenario['zone'] => ({
  [submissions(domain)]: { SRV: `0 1 465 smtp.${domain}` },
});
const certificates: readonly (readonly [CertificateChoice & string, string])[] = [
  ['wrong-name', 'certificate-name'],
  ['expired', 'certificate-expired'],
  ['not-yet-valid', 'certificate-not-yet-valid'],
  ['self-signed', 'certificate-self-signed'],
  ['untrusted', 'certificate-untrusted'],
  ['common-name-only', 'certificate-name-only-in-cn'],
];
const IDN = 'xn--bcher-kva.example';

const world: Scenario = {
  zone: {
    'gmail.com': { MX: '5 gmail-smtp-in.l.google.com' },
    // Known to the database, and gone to somebody else that is.
    'fastmail.fm': { MX: '1 aspmx.l.google.com' },
    'hosted.example': { MX: '1 aspmx.l.google.com' },
    'club.example': { MX: '10 mx1.hoster.example' },
    'filtered.example': { MX: '10 mx1.corp.pphosted.com' },
    'silent.example': { MX: '0 .' },
    ...published('srv-one.example'),
    [submission('srv-two.example')]: { SRV: '0 1 587 smtp.srv-two.example' },
    [submissions('srv-away.example')]: { SRV: '0 1 465 smtp.stranger.example' },
    [submissions('srv-both.example')]: { SRV: '0 1 465 smtp.srv-both.example' },
    [submission('srv-both.example')]: { SRV: '0 1 587 smtp.srv-both.example' },
    [submissions('first-refuses.example')]: {
      SRV: ['0 1 465 dead.first-refuses.example', '1 1 465 alive.first-refuses.example'],
    },
    [submissions('first-hangs.example')]: {
      SRV: ['0 1 465 dead.first-hangs.example', '1 1 465 alive.first-hangs.example'],
    },
    [submissions('denies-one.example')]: { SRV: '0 0 0 .' },
    [submissions('denies-both.example')]: { SRV: '0 0 0 .' },
    [submission('denies-both.example')]: { SRV: '0 0 0 .' },
    ...Object.assign({}, ...certificates.map(([kind]) => published(`${kind}.example`))),
    [submission('tampered.example')]: { SRV: '0 1 587 smtp.tampered.example' },
    ...published(IDN),
    ...published('parent.example'),
  },
  web: {
    [autoconfigUrl('file-one.example')]: scenes.clientConfig('post.file-one.example'),
    [wellKnownUrl('file-two.example')]: scenes.clientConfig('post.file-two.example'),
    [autoconfigUrl('file-three.example', 'http')]: scenes.clientConfig('post.file-three.example'),
    [wellKnownUrl('file-four.example', 'http')]: scenes.clientConfig('post.file-four.example'),
    [autoconfigUrl('hosted.example')]: scenes.clientConfig('old.hosted.example'),
    [autoconfigUrl('hoster.example')]: scenes.clientConfig('smtp.hoster.example'),
    [autoconfigUrl('plain.example')]: scenes.clientConfig({
      host: 'smtp.plain.example',
      port: 587,
      socketType: 'plain',
    }),
    [autoconfigUrl('downgrade.example')]: {
      redirect: autoconfigUrl('downgrade.example', 'http'),
    },
    [autoconfigUrl('downgrade.example', 'http')]: {
      instead: 'close',
    },
    [autoconfigUrl('wanting.example')]: (request, response) => {
      const asked = request.url.endsWith('?emailaddress=you%2Btag%40wanting.example');
      response.writeHead(asked ? 200 : 400, { 'content-type': 'text/xml' });
      response.end(asked ? scenes.clientConfig('post.wanting.example') : '');
    },
    [scenes.paccUrl('nowhere.example')]: { status: 404 },
  },
  servers: {
    'smtp.gmail.com:465': { auth: ['PLAIN', 'XOAUTH2'] },
    'smtp.fastmail.com:465': {},
    'old.hosted.example:465': {},
    'smtp.hoster.example:465': {},
    ...Object.fromEntries(
      ['one', 'two', 'three', 'four'].map((n) => [`post.file-${n}.example:465`, {}]),
    ),
    'mx1.corp.pphosted.com:25': {},
    'mx1.corp.pphosted.com:465': {},
    'mx1.corp.pphosted.com:587': {},
    'smtp.srv-one.example:465': {},
    'smtp.srv-two.example:587': {},
    'smtp.stranger.example:465': {},
    'smtp.srv-both.example:465': {},
    'smtp.srv-both.example:587': {},
    'dead.first-refuses.example:465': 'refused',
    'alive.first-refuses.example:465': {},
    'dead.first-hangs.example:465': 'hang',
    'alive.first-hangs.example:465': {},
    'smtp.denies-one.example:465': {},
    'smtp.denies-one.example:587': {},
    'smtp.denies-both.example:465': {},
    'smtp.silent.example:465': {},
    'smtp.plain.example:587': { encryption: 'none' },
    'smtp.guess-one.example:465': {},
    'mail.guess-two.example:587': {},
    'mail.guess-plain.example:587': { encryption: 'none' },
    'smtp.guess-noauth.example:587': { auth: [] },
    ...Object.fromEntries(
      certificates.map(([certificate]) => [`smtp.${certificate}.example:465`, { certificate }]),
    ),
    'smtp.tampered.example:587': {
      script: async (peer) => {
        peer.send('220 lab ESMTP');
        for (let line = await peer.line(); line !== null; line = await peer.line()) {
          if (/^EHLO/i.test(line) && !peer.secure) peer.send('250-lab', '250 STARTTLS');
          else if (/^EHLO/i.test(line)) peer.send('250-lab', '250 AUTH PLAIN');
          else if (/^STARTTLS/i.test(line)) {
            peer.sendRaw('220 go\r\n250-evil\r\n250 AUTH XOAUTH2\r\n');
            await peer.startTls();
          } else peer.send('221 bye');
        }
      },
    },
    [`smtp.${IDN}:465`]: {},
    'smtp.parent.example:465': {},
    'post.wanting.example:465': {},
  },
};

let lab: Lab;
beforeAll(async () => {
  lab = await createLab(world);
});
afterAll(() => lab.stop());

type Row = readonly [
  promise: string,
  query: string,
  code: number,
  decision: string,
  warnings: readonly string[],
];
const verified = (place: string, source: string): string => `${place} verified ${source}`;
const unverified = (place: string, source: string): string => `${place} unverified ${source}`;
const assumed = 'assumed-username';

// biome-ignore format: a table, one line a promise
const rows: readonly Row[] = [
  ['a provider that the database lists', 'you@gmail.com', 0, verified('smtp.gmail.com:465/tls', 'database'), []],
  ['autoconfig at its host', 'you@file-one.example', 0, verified('post.file-one.example:465/tls', 'autoconfig'), []],
  ['autoconfig at the web site', 'you@file-two.example', 0, verified('post.file-two.example:465/tls', 'autoconfig'), []],
  ['autoconfig over plain HTTP', 'you@file-three.example', 0, verified('post.file-three.example:465/tls', 'autoconfig-http'), []],
  ['autoconfig at the web site over plain HTTP', 'you@file-four.example', 0, verified('post.file-four.example:465/tls', 'autoconfig-http'), []],
  ['SRV for implicit TLS', 'you@srv-one.example', 0, verified('smtp.srv-one.example:465/tls', 'srv'), [assumed]],
  ['SRV for STARTTLS', 'you@srv-two.example', 0, verified('smtp.srv-two.example:587/starttls', 'srv'), [assumed]],
  ['SRV for both: implicit TLS is preferred', 'you@srv-both.example', 0, verified('smtp.srv-both.example:465/tls', 'srv'), [assumed]],
  ['SRV to a stranger', 'you@srv-away.example', 0, verified('smtp.stranger.example:465/tls', 'srv-foreign'), ['host-outside-domain', assumed]],
  ['the MX of a known provider, before an old web host', 'you@hosted.example', 0, verified('smtp.gmail.com:465/tls', 'mx-provider'), []],
  ['a domain that has left the provider of the database', 'you@fastmail.fm', 0, verified('smtp.gmail.com:465/tls', 'mx-provider'), ['moved']],
  ['autoconfig of whoever runs the MX', 'you@club.example', 0, verified('smtp.hoster.example:465/tls', 'mx-autoconfig'), ['host-outside-domain']],
  ['a guess on 465', 'you@guess-one.example', 0, verified('smtp.guess-one.example:465/tls', 'guess'), [assumed]],
  ['a guess on 587', 'you@guess-two.example', 0, verified('mail.guess-two.example:587/starttls', 'guess'), [assumed]],
  ['a guess without encryption', 'you@guess-plain.example', 3, unverified('mail.guess-plain.example:587/none', 'guess'), ['plaintext', assumed]],
  ['a guess without AUTH is none', 'you@guess-noauth.example', 1, 'not-found', []],
  ['the second server, the first refusing', 'you@first-refuses.example', 0, verified('alive.first-refuses.example:465/tls', 'srv'), [assumed]],
  ['the second server, the first silent', 'you@first-hangs.example', 0, verified('alive.first-hangs.example:465/tls', 'srv'), [assumed, 'incomplete']],
  ['nothing', 'you@nowhere.example', 1, 'not-found', []],
  ['published plaintext', 'you@plain.example', 3, unverified('smtp.plain.example:587/none', 'autoconfig'), ['plaintext']],
  ...certificates.map(([kind, code]): Row =>
    [`a certificate that is ${kind}`, `you@${kind}.example`, 3, unverified(`smtp.${kind}.example:465/tls`, 'srv'), [code, assumed]]),
  ['bytes before the TLS handshake', 'you@tampered.example', 0, verified('smtp.tampered.example:587/starttls', 'srv'), ['starttls-injection', assumed]],
  ['a null MX', 'you@silent.example', 0, verified('smtp.silent.example:465/tls', 'guess'), [assumed, 'null-mx']],
  ['SRV "." for one service', 'you@denies-one.example', 0, verified('smtp.denies-one.example:587/starttls', 'guess'), [assumed, 'submission-denied']],
  ['SRV "." for both', 'you@denies-both.example', 1, 'not-found', ['submission-denied']],
  ['the MX of a gateway', 'you@filtered.example', 1, 'not-found', ['gateway-mx']],
  ['the parent of a subdomain', 'you@dept.parent.example', 0, verified('smtp.parent.example:465/tls', 'parent'), [assumed]],
  ['a domain in U-labels', 'you@bücher.example', 0, verified(`smtp.${IDN}:465/tls`, 'srv'), [assumed]],
  ['a redirect from HTTPS to HTTP', 'you@downgrade.example', 1, 'not-found', ['incomplete']],
  ['a server that wants the address', 'you+tag@wanting.example', 1, 'not-found', ['address-wanted']],
];

describe.concurrent('of', () => {
  test.each(rows)('%s', async (_, query, code, decided, warnings) => {
    const result = await runInProcess([query, '--json'], { lab });
    const report = reportOf(result);
    expect(decision(report)).toBe(decided);
    expect(codes(report)).toEqual(warnings);
    expect(report.complete).toBe(!warnings.includes('incomplete'));
    expect(result.stderr).toBe('');
    expect(result.code).toBe(code);
  });
});

describe('in all of that', () => {
  test('no address was sent to anybody', () => {
    expect(lab.received()).not.toMatch(/you(\+|%2b)?(tag)?(@|%40)/i);
    // Only postmaster's, which every domain knows (RFC 5321).
    expect(lab.received()).not.toMatch(/emailaddress=(?!postmaster%40)/);
  });

  test('the gateway was never contacted, nor any port 25', () => {
    for (const port of [25, 465, 587]) {
      expect(lab.conversations(`mx1.corp.pphosted.com:${port}`)).toEqual([]);
    }
  });

  test('no login was tried, and every conversation that got an answer ended with QUIT', () => {
    for (const { lines } of lab.requests.smtp) {
      const said = lines.filter(({ by }) => by === 'client').map(({ text }) => text);
      expect(said.join('\n')).not.toMatch(/^(AUTH|MAIL|RCPT|VRFY|DATA)/im);
    }
  });

  test('only --send-address sends it, and only to hosts of the domain over HTTPS', async () => {
    lab.forget();
    const result = await runInProcess(['you+tag@wanting.example', '--json', '--send-address'], {
      lab,
    });
    expect(decision(reportOf(result))).toBe(verified('post.wanting.example:465/tls', 'autoconfig'));
    const told = lab.requests.http.filter((request) =>
      /you(\+|%2b)/i.test(JSON.stringify(request)),
    );
    expect(told.length).toBeGreaterThan(0);
    for (const { url } of told) expect(url).toMatch(/^https:\/\/([\w-]+\.)?wanting\.example\//);
    const elsewhere = [
      ...lab.requests.dns.map(({ name }) => name),
      ...lab.requests.smtp.flatMap(({ lines }) => lines.map(({ text }) => text)),
    ];
    expect(elsewhere.join('\n')).not.toMatch(/you\+tag/);
  });
});

describe.concurrent('the text', () => {
  const text = (...args: string[]): Promise<CliResult> => runInProcess(args, { lab });

  test('of an international domain shows U-labels', async () => {
    const { stdout, code } = await text('you@bücher.example');
    expect(stdout).toMatch(/^Server +smtp\.bücher\.example\b/m);
    expect(code).toBe(0);
  });

  test('of a moved domain says what happened', async () => {
    expect((await text('you@fastmail.fm')).stdout.replace(/\s+/g, ' ')).toMatch(
      /fastmail\.fm .*Fastmail.* Google Workspace/,
    );
  });

  test('of nothing found says so, and exits 1', async () => {
    const { stdout, code } = await text('you@nowhere.example');
    expect(stdout).toContain('No settings found for nowhere.example.');
    expect(code).toBe(1);
  });

  test('of --explain tells every source with its place, and why this one won', async () => {
    const { stdout } = await text('you@file-two.example', '--explain');
    expect(stdout).toContain(
      'https://file-two.example/.well-known/autoconfig/mail/config-v1.1.xml',
    );
    expect(stdout).toMatch(/✔ autoconfig +found/);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      /post\.file-two\.example:465 [^.]*verified\. .*autoconfig file of file-two\.example/,
    );
  });

  test('of a plaintext server warns of it, and says what to do', async () => {
    const { stdout, code } = await text('you@plain.example');
    expect(stdout.replace(/\s+/g, ' ')).toMatch(/offers no encryption: .* Ask the provider/);
    expect(code).toBe(3);
  });
});

describe.concurrent('options:', () => {
  const json = async (...args: string[]): Promise<{ report: Report; result: CliResult }> => {
    const result = await runInProcess([...args, '--json'], { lab });
    return { report: reportOf(result), result };
  };

  test('--no-probe contacts no mail server, and found is then as good as it gets', async () => {
    const { report, result } = await json('you@srv-both.example', '--no-probe');
    expect(decision(report)).toBe('smtp.srv-both.example:465/tls unverified srv');
    expect(codes(report)).toContain('not-probed');
    expect(result.code).toBe(0);
  });

  test('--no-probe makes no guesses', async () => {
    const { report, result } = await json('you@guess-one.example', '--no-probe');
    expect([report.status, result.code]).toEqual(['not-found', 1]);
  });

  test('--offline knows the database alone, and nothing is asked', async () => {
    const fresh = await createLab({});
    const known = await runInProcess(['you@gmail.com', '--json', '--offline'], { lab: fresh });
    expect(decision(reportOf(known))).toBe('smtp.gmail.com:465/tls unverified database');
    expect(known.code).toBe(0);
    const unknown = await runInProcess(['you@srv-one.example', '--json', '--offline'], {
      lab: fresh,
    });
    expect(reportOf(unknown).status).toBe('not-found');
    expect(codes(reportOf(unknown))).toEqual(['database-only']);
    expect(codes(reportOf(known))).not.toContain('database-only');
    expect(unknown.code).toBe(1);
    expect(fresh.received()).toBe('');
    await fresh.stop();
  });

  test('--only asks one source', async () => {
    const { report } = await json('you@hosted.example', '--only', 'autoconfig', '--explain');
    expect(decision(report)).toBe('old.hosted.example:465/tls verified autoconfig');
    expect(told(report, 'mx-provider', '')).toBe('skipped: left out on request');
    const asked = report.sources.filter(({ outcome }) => outcome !== 'skipped');
    expect(new Set(asked.map(({ source }) => source))).toEqual(new Set(['autoconfig']));
  });

  test('--skip leaves sources out', async () => {
    const { report } = await json('you@hosted.example', '--skip', 'mx-provider,srv');
    expect(decision(report)).toBe('old.hosted.example:465/tls verified autoconfig');
  });

  test('--all lists every candidate with its probe', async () => {
    const { report } = await json('you@srv-both.example', '--all');
    const others = report.alternatives.map(({ host, port, probe }) => [host, port, probe?.outcome]);
    expect(others).toEqual([['smtp.srv-both.example', 587, 'ok']]);
    expect(report.sources.every(({ outcome }) => outcome !== 'cancelled')).toBe(true);
  });

  test('--timeout ends it, with what is known by then', async () => {
    const slow = await createLab({
      zone: published('slow.example') ?? {},
      web: { [autoconfigUrl('slow.example')]: { instead: 'hang' } },
      servers: { 'smtp.slow.example:465': 'hang' },
    });
    const result = await runInProcess(['you@slow.example', '--json', '--timeout', '2'], {
      lab: slow,
    });
    await slow.stop();
    const report = reportOf(result);
    expect(decision(report)).toBe('smtp.slow.example:465/tls unverified srv');
    expect(report.complete).toBe(false);
    expect(codes(report)).toContain('incomplete');
    // Two seconds, and what a busy machine takes on top; without it, 8 s for the server alone.
    expect(report.durationMs).toBeLessThan(5000);
    expect(result.code).toBe(3);
  });

  test('a batch is NDJSON in input order, with an error of its own for the bad line', async () => {
    const lines = ['you@srv-one.example', 'not an address', 'you@nowhere.example', 'plain.example'];
    const result = await runInProcess(['--json'], { lab, stdin: `${lines.join('\n')}\n` });
    const reports = result.ndjson() as Report[];
    for (const report of reports) expect(valid(report) || valid.errors).toBe(true);
    expect(reports.map(({ query, status }) => [query, status])).toEqual([
      [lines[0], 'verified'],
      [lines[1], 'error'],
      [lines[2], 'not-found'],
      [lines[3], 'unverified'],
    ]);
    expect(result.stderr).toBe('');
    expect(result.code).toBe(2);
  });

  const batches: [number, string[]][] = [
    [0, ['you@srv-one.example', 'you@gmail.com']],
    [3, ['you@srv-one.example', 'you@plain.example']],
    [1, ['you@nowhere.example', 'you@plain.example']],
  ];
  test.each(batches)('the worst of a batch is its exit code: %i', async (code, queries) => {
    const result = await runInProcess([...queries, '--json'], { lab });
    expect(result.ndjson()).toHaveLength(2);
    expect(result.code).toBe(code);
  });
});

describe.concurrent('what strangers publish', () => {
  const query = 'you@evil.example';

  const addresses: [type: 'A' | 'AAAA', address: string][] = [
    ['A', '127.0.0.1'],
    ['A', '127.8.9.10'],
    ['A', '0.0.0.0'],
    ['A', '169.254.169.254'],
    ['A', '224.0.0.1'],
    ['A', '255.255.255.255'],
    ['AAAA', '::1'],
    ['AAAA', '::'],
    ['AAAA', '::ffff:127.0.0.1'],
    ['AAAA', '::ffff:169.254.169.254'],
    ['AAAA', '64:ff9b::7f00:1'],
    ['AAAA', 'fe80::1'],
    ['AAAA', 'ff02::1'],
  ];
  test.each(addresses)('cannot lead here: %s %s', async (type, address) => {
    const zone = { ...published('evil.example'), 'smtp.evil.example': { [type]: address } };
    const report = await scenes.visit({ zone }, { query, unpaved: ['smtp.evil.example'] });
    expect(decision(report)).toBe('smtp.evil.example:465/tls unverified srv');
    expect(codes(report)).toContain('address-refused');
    expect(report.warnings.map(({ message }) => message).join()).toContain(
      '--connect-to smtp.evil.example:465:',
    );
  });

  test('cannot lead to private addresses under --public-only', async () => {
    const zone = { ...published('evil.example'), 'smtp.evil.example': { A: '10.1.2.3' } };
    const unpaved = ['smtp.evil.example'];
    const report = await scenes.visit({ zone }, { query, unpaved, session: { publicOnly: true } });
    expect(codes(report)).toContain('address-refused');
  });

  const redirects = [
    'https://127.0.0.1/x.xml',
    'https://localhost/x.xml',
    'https://[::1]/x.xml',
    'https://[::ffff:7f00:1]/x.xml',
    'https://2130706433/x.xml',
    'https://0x7f.1/x.xml',
    'https://169.254.169.254/latest/meta-data/',
    'https://inside.evil.example/x.xml',
  ];
  test.each(redirects)('cannot redirect here: %s', async (redirect) => {
    const web = { [autoconfigUrl('evil.example')]: { redirect } };
    const zone = { 'inside.evil.example': { A: '127.0.0.1' } };
    const unpaved = ['inside.evil.example'];
    const report = await scenes.visit({ web, zone }, { query, unpaved });
    expect(report.status).toBe('not-found');
    expect(told(report, 'autoconfig', autoconfigUrl('evil.example'))).toMatch(
      /^failed: .*leads to a forbidden address/,
    );
  });

  test('cannot name an address on this machine as the server', async () => {
    const web = { [autoconfigUrl('evil.example')]: scenes.clientConfig('127.0.0.1') };
    const it = await createLab({ web });
    const rules = scenes.paved(it, ['127.0.0.1']).flatMap((rule) => ['--connect-to', rule]);
    const { resolver, cacert } = it.options;
    const steer = ['--resolver', ...resolver, '--cacert', ...cacert, ...rules];
    const result = await runInProcess([...steer, query, '--json']);
    await it.stop();
    const report = reportOf(result);
    expect(decision(report)).toBe('127.0.0.1:465/tls unverified autoconfig');
    expect(codes(report)).toContain('address-refused');
    expect(result.code).toBe(3);
  });

  const parked: [string, Scenario['unmapped']][] = [
    ['refuses', 'refused'],
    ['hangs', 'hang'],
  ];
  const catchAll: Scenario['web'] = {};
  const zone = { '*.evil.example': { A: '192.0.2.80' }, 'evil.example': { A: '192.0.2.80' } };
  const page = '<!doctype html><html><title>Parked</title></html>';
  for (const scheme of ['http', 'https']) {
    for (const url of [
      autoconfigUrl('evil.example', scheme),
      wellKnownUrl('evil.example', scheme),
      scenes.autodiscoverUrl('autodiscover.evil.example', scheme),
      scenes.autodiscoverUrl('evil.example', scheme),
      ...(scheme === 'https' ? [scenes.paccUrl('evil.example')] : []),
    ]) {
      Object.assign(catchAll, { [url]: page });
    }
  }

  test.each(parked)(
    'as a parked domain whose mail ports %s is not found, in time',
    async (_, unmapped) => {
      const it = await createLab({ zone, web: catchAll, unmapped: unmapped ?? 'refused' });
      const limits = ['--timeout', '4'];
      const result = await runInProcess(['you@evil.example', '--json', '--explain', ...limits], {
        lab: it,
      });
      await it.stop();
      const report = reportOf(result);
      expect(report.status).toBe('not-found');
      expect(result.code).toBe(1);
      expect(report.durationMs).toBeLessThan(9500); // Without a limit of its own, it is 10 s.
      expect(told(report, 'autoconfig', autoconfigUrl('evil.example'))).toBe(
        'nothing: HTTP 200: a web page (HTML)',
      );
    },
  );

  test('under a wildcard does not keep the real SRV record from being found', async () => {
    const it = await createLab({
      zone: { ...zone, ...published('evil.example') },
      web: catchAll,
      servers: { 'smtp.evil.example:465': {} },
    });
    const result = await runInProcess(['you@evil.example', '--json'], { lab: it });
    await it.stop();
    expect(decision(reportOf(result))).toBe(verified('smtp.evil.example:465/tls', 'srv'));
  });
});
