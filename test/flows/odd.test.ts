/**
 * What hostile owners of domains and careless ones come up with, one line a case: who wins, and
 * what is said about it.
 */
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { dialogue } from '../lab/dialogue.ts';
import type { Scenario } from '../lab/scenario.ts';
import type { WebDocument } from '../lab/web-server.ts';
import * as scenes from './scenes.ts';
import {
  autoconfigUrl,
  autodiscoverUrl,
  clientConfig,
  codes,
  D,
  decision,
  told,
} from './scenes.ts';

const AUTOCONFIG = autoconfigUrl(D);
const post = { [`post.${D}:465`]: {} };
const fallback = { [`smtp.${D}:465`]: {} };
const tls = (...records: string[]) => ({ [`_submissions._tcp.${D}`]: { SRV: records } });
const starttls = (...records: string[]) => ({ [`_submission._tcp.${D}`]: { SRV: records } });
const toDept = `you@dept.${D}`;
const google = { MX: '1 aspmx.l.google.com' };
const gmail = { 'smtp.gmail.com:465': {} };

/** A scene in which autoconfig says this. */
const file = (document: WebDocument, servers: Scenario['servers'] = {}): Scenario => ({
  web: { [AUTOCONFIG]: document },
  servers: servers ?? {},
});
const here = (host: string, port: number, source: string, encryption?: string): string =>
  `${host}.${D}:${port}/${encryption ?? (port === 465 ? 'tls' : 'starttls')} verified ${source}`;
const speaking = (ehlo: readonly string[], afterTls?: readonly string[]) => ({
  script: dialogue({
    replies: { EHLO: ehlo },
    ...(afterTls && { afterTls: { EHLO: afterTls } }),
  }),
});

type Row = readonly [
  story: string,
  scenario: Scenario,
  decision: string,
  warnings: readonly string[],
  query?: string,
];
const assumed = 'assumed-username';
const byGuess = here('smtp', 465, 'guess');

// biome-ignore format: a table, one line a case
const rows: readonly Row[] = [
  // SRV
  ['SRV weights: the highest wins, no lots are drawn', { zone: tls(`0 1 465 a.${D}`, `0 9 465 b.${D}`, `0 0 465 c.${D}`), servers: { [`a.${D}:465`]: {}, [`b.${D}:465`]: {}, [`c.${D}:465`]: {} } }, here('b', 465, 'srv'), [assumed]],
  ['SRV priority before weight', { zone: tls(`1 99 465 a.${D}`, `0 0 465 b.${D}`), servers: { [`a.${D}:465`]: {}, [`b.${D}:465`]: {} } }, here('b', 465, 'srv'), [assumed]],
  ['SRV port 0 is passed over', { zone: tls(`0 1 0 bad.${D}`, `5 1 465 smtp.${D}`), servers: fallback }, here('smtp', 465, 'srv'), [assumed]],
  ['SRV to port 25 is taken at its word', { zone: starttls(`0 1 25 smtp.${D}`), servers: { [`smtp.${D}:25`]: {} } }, here('smtp', 25, 'srv'), [assumed]],
  ['_submissions on 587 is tried as STARTTLS', { zone: tls(`0 1 587 smtp.${D}`), servers: { [`smtp.${D}:587`]: {} } }, here('smtp', 587, 'srv'), [assumed]],
  ['a hundred SRV records', { zone: tls(...Array.from({ length: 100 }, (_, i) => `${i} 0 465 s${i}.${D}`)), servers: { [`s12.${D}:465`]: {} } }, here('s12', 465, 'srv'), [assumed]],
  ['SRV in capitals with a root dot', { zone: tls(`0 1 465 SMTP.${D.toUpperCase()}.`), servers: fallback }, here('smtp', 465, 'srv'), [assumed], 'You@CORP.example.'],
  ['SRV in the clear for a stranger below a private suffix', { zone: { '_submissions._tcp.shop.uk.com': { SRV: '0 1 465 smtp.other.uk.com' } }, servers: { 'smtp.other.uk.com:465': {} } }, 'smtp.other.uk.com:465/tls verified srv-foreign', ['host-outside-domain', assumed], 'you@shop.uk.com'],
  ['what the neighbours publish at a private suffix', { zone: { 'uk.com': google, '_submissions._tcp.uk.com': { SRV: '0 1 465 smtp.uk.com' } }, servers: { ...gmail, 'smtp.uk.com:465': {} } }, 'not-found', [], 'you@shop.uk.com'],
  ['both services denied, and a file that names a server', { zone: { ...tls('0 0 0 .'), ...starttls('0 0 0 .') }, ...file(clientConfig(`post.${D}`), post) }, here('post', 465, 'autoconfig'), ['submission-denied']],
  // Slips of the fingers
  ['a mistyped domain', {}, 'not-found', ['similar-domain'], 'you@gmial.com'],
  ['a mistyped domain where somebody listens', { servers: { 'smtp.gmial.com:465': {} } }, 'smtp.gmial.com:465/tls verified guess', [assumed, 'similar-domain'], 'you@gmial.com'],
  ['one like a popular domain, with settings of its own', { zone: { '_submissions._tcp.gmial.com': { SRV: '0 1 465 smtp.gmial.com' } }, servers: { 'smtp.gmial.com:465': {} } }, 'smtp.gmial.com:465/tls verified srv', [assumed], 'you@gmial.com'],
  ['a domain of the database like a popular one', { servers: { 'smtp.mail.com:587': {} } }, 'smtp.mail.com:587/starttls verified database', [], 'you@mail.com'],
  // MX
  ['MX to the domain itself', { zone: { [D]: { MX: `10 ${D}` } }, servers: { [`${D}:587`]: {} } }, `${D}:587/starttls verified guess`, [assumed]],
  ['MX that is an address', { zone: { [D]: { MX: '10 192.0.2.3' } }, servers: fallback }, byGuess, [assumed]],
  ['of MX at one preference, one that is known', { zone: { [D]: { MX: ['10 aaa.old.example', '10 aspmx.l.google.com'] } }, servers: gmail }, 'smtp.gmail.com:465/tls verified mx-provider', []],
  ['a known provider as backup MX alone', { zone: { [D]: { MX: [`10 mx.${D}`, '20 aspmx.l.google.com'] } }, servers: { ...gmail, ...fallback } }, byGuess, [assumed]],
  ['a known provider whose servers are dead', { zone: { [D]: google }, servers: { 'smtp.gmail.com:465': 'refused', 'smtp.gmail.com:587': 'refused', ...post }, web: { [AUTOCONFIG]: clientConfig(`post.${D}`) } }, here('post', 465, 'autoconfig'), ['conflict']],
  ['a null MX beside SRV', { zone: { [D]: { MX: '0 .' }, ...tls(`0 1 465 smtp.${D}`) }, servers: fallback }, here('smtp', 465, 'srv'), [assumed, 'null-mx']],
  ['a gateway before a provider of the database', { zone: { 'gmail.com': { MX: '10 mx1.corp.pphosted.com' } }, servers: gmail }, 'smtp.gmail.com:465/tls verified database', [], 'you@gmail.com'],
  ['a domain at a provider without submission', { zone: { [D]: { MX: '10 mail.tutanota.de' } }, servers: fallback }, 'not-found', ['no-submission']],
  ['a provider behind a bridge, and settings that the domain publishes', { zone: { [D]: { MX: '10 mail.protonmail.ch' }, ...starttls('0 1 587 smtp.protonmail.ch') }, servers: { 'smtp.protonmail.ch:587': {} } }, 'smtp.protonmail.ch:587/starttls verified srv', [assumed, 'conflict']],
  ['an address for an SRV target', { zone: { [`_submissions._tcp.${D}`]: { SRV: '0 1 465 192.0.2.1' } }, servers: fallback }, byGuess, [assumed]],
  // Parents
  ['a subdomain with a server of its own, the parent at a provider without submission', { zone: { [D]: { MX: '10 mail.tutanota.de' } }, servers: { [`smtp.dept.${D}:465`]: {} } }, here('smtp.dept', 465, 'guess'), [assumed], toDept],
  ['a subdomain without MX, the parent at a provider', { zone: { [D]: google }, servers: gmail }, 'smtp.gmail.com:465/tls verified parent', [], toDept],
  ['a subdomain with an MX of its own, the parent at a provider', { zone: { [D]: google, [`dept.${D}`]: { MX: `10 mx.dept.${D}` } }, servers: { ...gmail, [`smtp.dept.${D}:465`]: {} } }, here('smtp.dept', 465, 'guess'), [assumed], toDept],
  ['six levels down', { zone: tls(`0 1 465 smtp.${D}`), servers: fallback }, here('smtp', 465, 'parent'), [assumed], `you@a.b.c.d.e.${D}`],
  // Documents
  ['more servers than anybody has: the first ones', file(clientConfig(...Array.from({ length: 200 }, (_, i) => `s${i}.${D}`)), { [`s3.${D}:465`]: {}, [`s150.${D}:465`]: {} }), here('s3', 465, 'autoconfig'), []],
  ['a thousand servers', file(clientConfig(...Array.from({ length: 1000 }, (_, i) => `s${i}.${D}`)), fallback), byGuess, [assumed, 'source-malformed']],
  ['300 kB', file(`${clientConfig(`post.${D}`)}${' '.repeat(300_000)}`, { ...post, ...fallback }), byGuess, [assumed]],
  ['50 MB that gzip made small', file({ body: gzipSync(Buffer.alloc(50_000_000, 32)), headers: { 'content-encoding': 'gzip' } }, fallback), byGuess, [assumed]],
  ['UTF-16', file({ body: Buffer.from(`\ufeff${clientConfig(`post.${D}`).replace('UTF-8', 'UTF-16')}`, 'utf16le') }, post), here('post', 465, 'autoconfig'), []],
  ['Latin-1', file({ body: Buffer.from(clientConfig(`post.${D}`).replace('UTF-8"?>', 'ISO-8859-1"?><!-- Büro -->'), 'latin1') }, post), here('post', 465, 'autoconfig'), []],
  ['a wrong Content-Type', file({ body: clientConfig(`post.${D}`), headers: { 'content-type': 'text/html' } }, post), here('post', 465, 'autoconfig'), []],
  ['a DTD', file(`<!DOCTYPE x [<!ENTITY a "post.${D}">]>${clientConfig('&a;').replace(/^<\?.*\?>/, '')}`, { ...post, ...fallback }), byGuess, [assumed, 'source-malformed']],
  ['a host by %EMAILDOMAIN%', file(clientConfig('smtp.%EMAILDOMAIN%'), fallback), here('smtp', 465, 'autoconfig'), []],
  ['a host by %EMAILLOCALPART%, which would tell it', file(clientConfig(`%EMAILLOCALPART%.${D}`), fallback), byGuess, [assumed, 'source-malformed']],
  ['port 2525', file(clientConfig({ host: `post.${D}`, port: 2525 }), { [`post.${D}:2525`]: {} }), here('post', 2525, 'autoconfig'), []],
  ['465 called STARTTLS', file(clientConfig({ host: `post.${D}`, port: 465, socketType: 'STARTTLS' }), post), here('post', 465, 'autoconfig'), []],
  ['587 called SSL, and it speaks STARTTLS', file(clientConfig({ host: `post.${D}`, port: 587, socketType: 'SSL' }), { [`post.${D}:587`]: {} }), here('post', 587, 'autoconfig'), []],
  ['587 called plain, and it offers STARTTLS', file(clientConfig({ host: `post.${D}`, port: 587, socketType: 'plain' }), { [`post.${D}:587`]: {} }), here('post', 587, 'autoconfig'), []],
  ['plaintext listed before TLS', file(clientConfig({ host: `post.${D}`, port: 25, socketType: 'plain' }, `post.${D}`), { [`post.${D}:25`]: { encryption: 'none' }, ...post }), here('post', 465, 'autoconfig'), []],
  ['plaintext listed before TLS, whose certificate is bad', file(clientConfig({ host: `post.${D}`, port: 25, socketType: 'plain' }, `post.${D}`), { [`post.${D}:25`]: { encryption: 'none' }, [`post.${D}:465`]: { certificate: 'expired' } }), `post.${D}:465/tls unverified autoconfig`, ['certificate-expired']],
  ['plaintext published, and TLS guessed', file(clientConfig({ host: `post.${D}`, port: 587, socketType: 'plain' }), { [`post.${D}:587`]: { encryption: 'none' }, ...fallback }), byGuess, [assumed, 'conflict']],
  ['TLS published and dead, and plaintext guessed', file(clientConfig(`post.${D}`), { [`post.${D}:465`]: 'refused', [`smtp.${D}:587`]: { encryption: 'none' } }), `post.${D}:465/tls unverified autoconfig`, ['connection-refused']],
  ['a host that does not exist', file(clientConfig(`ghost.${D}`)), `ghost.${D}:465/tls unverified autoconfig`, ['dns-failed']],
  ['six redirects', { ...file({ redirect: 'https://r1.x.example/' }, fallback), web: { [AUTOCONFIG]: { redirect: 'https://r1.x.example/' }, ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((i) => [`https://r${i}.x.example/`, { redirect: `https://r${i + 1}.x.example/` }])) } }, byGuess, [assumed]],
  ['an HTTP file that redirects to a stranger over HTTPS', { web: { [autoconfigUrl(D, 'http')]: { redirect: 'https://conf.hoster.example/x' }, 'https://conf.hoster.example/x': clientConfig('post.hoster.example') }, servers: { 'post.hoster.example:465': {} } }, 'post.hoster.example:465/tls verified autoconfig-http', ['host-outside-domain']],
  ['an HTTPS file that redirects to a stranger over HTTPS', { web: { [AUTOCONFIG]: { redirect: 'https://conf.hoster.example/x' }, 'https://conf.hoster.example/x': clientConfig('post.hoster.example') }, servers: { 'post.hoster.example:465': {} } }, 'post.hoster.example:465/tls verified autoconfig', []],
  ['a better source that fails to prove itself', { zone: tls(`0 1 465 smtp.${D}`), web: { [AUTOCONFIG]: clientConfig(`post.${D}`) }, servers: { [`smtp.${D}:465`]: { certificate: 'expired' }, ...post } }, here('post', 465, 'autoconfig'), ['conflict']],
  // Autodiscover
  ['Autodiscover without encryption on 25, which offers STARTTLS', { web: { [autodiscoverUrl(D)]: scenes.account(`<Protocol><Type>SMTP</Type><Server>post.${D}</Server><Port>25</Port><SSL>off</SSL></Protocol>`) }, servers: { [`post.${D}:25`]: {} } }, here('post', 25, 'autodiscover'), [assumed]],
  ['Autodiscover that sends on in circles', { web: { [autodiscoverUrl(D)]: scenes.account(`<RedirectUrl>${autodiscoverUrl(D)}</RedirectUrl>`), [autodiscoverUrl(`autodiscover.${D}`)]: scenes.account(`<RedirectAddr>a@${D}</RedirectAddr>`) }, servers: fallback }, byGuess, [assumed]],
  ['Autodiscover by SRV at a mail port', { zone: { [`_autodiscover._tcp.${D}`]: { SRV: `0 0 587 ex.${D}` } }, servers: fallback }, byGuess, [assumed]],
  // Servers
  ['AUTH in its old spelling', { zone: tls(`0 1 465 smtp.${D}`), servers: { [`smtp.${D}:465`]: speaking(['250-lab', '250 AUTH=LOGIN PLAIN']) } }, here('smtp', 465, 'srv'), [assumed]],
  ['AUTH before TLS, and none after it', { zone: starttls(`0 1 587 smtp.${D}`), servers: { [`smtp.${D}:587`]: speaking(['250-lab', '250-STARTTLS', '250 AUTH PLAIN'], ['250 lab']) } }, `smtp.${D}:587/starttls unverified srv`, ['clear-auth', 'no-auth', assumed]],
  ['a web server on 465', { zone: tls(`0 1 465 smtp.${D}`), servers: { [`smtp.${D}:465`]: { script: async (peer) => peer.send('HTTP/1.1 400 Bad Request', '') } } }, `smtp.${D}:465/tls unverified srv`, ['protocol-error', assumed]],
  ['only TLS 1.1', { zone: tls(`0 1 465 smtp.${D}`), servers: { [`smtp.${D}:465`]: { tls: { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' } } } }, `smtp.${D}:465/tls unverified srv`, ['tls-outdated', assumed]],
  ['a wildcard certificate', { zone: tls(`0 1 465 a.${D}`), servers: { [`a.${D}:465`]: { certificate: { names: [`*.${D}`] } } } }, here('a', 465, 'srv'), [assumed]],
  ['a wildcard certificate two levels up', { zone: tls(`0 1 465 a.b.${D}`), servers: { [`a.b.${D}:465`]: { certificate: { names: [`*.${D}`] } } } }, `a.b.${D}:465/tls unverified srv`, ['certificate-name', assumed]],
  ['a machine that goes by its hoster\'s name', { zone: { 'srv7.hoster.example': { A: '192.0.2.50' }, [`mail.${D}`]: { A: '192.0.2.50' } }, servers: { [`mail.${D}:465`]: { hostname: 'srv7.hoster.example', certificate: { names: ['*.hoster.example'] } }, 'srv7.hoster.example:465': { sameAs: `mail.${D}:465` } } }, 'srv7.hoster.example:465/tls verified guess', ['host-outside-domain', assumed]],
  ['a machine whose certificate is a neighbour\'s', { zone: { 'mail.neighbour.example': { A: '192.0.2.50' }, [`mail.${D}`]: { A: '192.0.2.50' } }, servers: { [`mail.${D}:465`]: { certificate: { names: ['mail.neighbour.example'] } }, 'mail.neighbour.example:465': { sameAs: `mail.${D}:465` } } }, `mail.${D}:465/tls unverified guess`, ['certificate-name', assumed]],
  ['a machine with another name, and its own on the next port', { zone: { 'srv7.hoster.example': { A: '192.0.2.50' }, [`mail.${D}`]: { A: '192.0.2.50' } }, servers: { [`mail.${D}:465`]: { hostname: 'srv7.hoster.example', certificate: { names: ['srv7.hoster.example'] } }, 'srv7.hoster.example:465': { sameAs: `mail.${D}:465` }, [`mail.${D}:587`]: {} } }, `mail.${D}:587/starttls verified guess`, [assumed]],
];

describe.concurrent('odd:', () => {
  test.each(rows.map((row) => [row[0], row] as const))(
    '%s',
    async (_, [, scenario, decided, warnings, query = `you@${D}`]) => {
      let sent = '';
      const report = await scenes.visit(scenario, {
        query,
        inspect: (lab) => {
          sent = lab.received();
        },
      });
      expect(decision(report)).toBe(decided);
      expect(codes(report)).toEqual(warnings);
      expect(report.complete).toBe(true);
      expect(sent).not.toMatch(/you(@|%40|\.)/i);
    },
  );

  test('a server that asks to come back later leaves the result open', async () => {
    const busy = { script: dialogue({ banner: ['421 4.3.2 too busy \u001b[31m'] }) };
    const report = await scenes.visit({
      zone: tls(`0 1 465 smtp.${D}`),
      servers: { [`smtp.${D}:465`]: busy },
    });
    expect(decision(report)).toBe(`smtp.${D}:465/tls unverified srv`);
    expect(codes(report)).toEqual(['temporary-refusal', assumed, 'incomplete']);
    expect(JSON.stringify(report)).not.toContain('\\u001b');
  });

  test('sixteen servers that hang do not keep a good guess from being found', async () => {
    const hosts = Array.from({ length: 16 }, (_, i) => `s${i}.${D}`);
    const report = await scenes.visit(
      file(clientConfig(...hosts), {
        ...Object.fromEntries(hosts.map((host) => [`${host}:465`, 'hang' as const])),
        ...fallback,
      }),
      { timeoutMs: 5000 },
    );
    expect(decision(report)).toBe(byGuess);
    expect(report.complete).toBe(false);
    expect(report.durationMs).toBeLessThan(9500); // A query's own deadline is 10 s.
  });

  test('a file that comes drop by drop costs its own deadline', async () => {
    const report = await scenes.visit(
      file((_, response) => {
        response.writeHead(200, { 'content-type': 'text/xml' });
        const timer = setInterval(() => response.write(' '), 50);
        response.on('close', () => clearInterval(timer));
      }, fallback),
    );
    expect(decision(report)).toBe(byGuess);
    expect(told(report, 'autoconfig', AUTOCONFIG)).toBe('timeout: no answer within 4 s');
  });

  test('a lie about the length of a file is a failure that may pass', async () => {
    const report = await scenes.visit(
      file((_, response) => {
        response.writeHead(200, { 'content-type': 'text/xml', 'content-length': '9999' });
        response.write('<clientConfig>', () => response.socket?.destroy());
      }, fallback),
    );
    expect(decision(report)).toBe(byGuess);
    expect(codes(report)).toEqual([assumed, 'incomplete']);
  });

  test('nothing that strangers write can colour or turn the output', async () => {
    const evil = 'Evil \u202egnp &#27;[31m';
    const report = await scenes.visit(
      file(
        clientConfig(`post.${D}`).replace(
          '<outgoing',
          `<displayName>${evil}</displayName><documentation url="javascript:alert(1)"/><outgoing`,
        ),
        { [`post.${D}:465`]: { banner: '\u001b]0;x\u0007' } },
      ),
      { all: true },
    );
    expect(decision(report)).toBe(here('post', 465, 'autoconfig'));
    expect(report.provider).toMatchObject({ documentation: null });
    expect(JSON.stringify(report)).not.toMatch(/\\u001b|\\u0007|\u202e|javascript/);
  });

  test('the same server from many sources is one, and all of them are shown with --all', async () => {
    const report = await scenes.visit(
      {
        zone: tls(`0 1 465 smtp.${D}`),
        web: {
          [AUTOCONFIG]: clientConfig(`smtp.${D}`),
          [scenes.paccUrl(D)]: scenes.pacc(`smtp.${D}`),
          [scenes.ispdbUrl(D)]: clientConfig(`smtp.${D}`),
        },
        servers: fallback,
      },
      { all: true },
    );
    expect(decision(report)).toBe(here('smtp', 465, 'srv'));
    const sources = report.settings?.evidence.map(({ source }) => source);
    expect(sources).toEqual(['srv', 'pacc', 'autoconfig', 'ispdb', 'guess']);
    expect(codes(report)).not.toContain('conflict');
  });

  test('MX and SRV records that name no host are passed over', async () => {
    const report = await scenes.visit(
      { zone: { [D]: { MX: '10 not!a!host' }, ...tls('0 1 465 not!a!host') } },
      { unpaved: ['not!a!host'] },
    );
    expect(report.status).toBe('not-found');
    expect(told(report, 'mx-provider', '')).toMatch(/usable (MX )?record/);
    expect(told(report, 'srv', '')).toMatch(/usable (SRV )?record/);
  });
});
