import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fetchPacc, paccUrl } from '../../../src/sources/documents/pacc.ts';
import { checkDigest } from '../../../src/sources/documents/pacc-digest.ts';
import { parsePacc } from '../../../src/sources/documents/pacc-json.ts';
import { dnsFailure, type Page, paperNetwork } from '../paper-network.ts';

const GOOD = JSON.stringify({
  protocols: { submit: { host: 'Smtp.example.com' }, imap: { host: 'imap.example.com' } },
  authentication: { 'oauth-public': { issuer: 'https://id.example.com' }, password: true },
  info: {
    provider: { name: 'Example Mail', shortName: 'Ex' },
    help: { documentation: 'https://example.com/help' },
  },
});

const parse = (text: string) => parsePacc(Buffer.from(text), 'application/json');
const digestOf = (text: string) => createHash('sha256').update(text).digest('base64');

function configOf(document: unknown) {
  const parsed = parse(JSON.stringify(document));
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.config;
}

describe('a PACC document', () => {
  test('yields an implicit TLS server, the address as user name, OAuth, name and help', () => {
    expect(parse(GOOD)).toEqual({
      ok: true,
      config: {
        servers: [
          {
            host: 'smtp.example.com',
            port: 465,
            encryption: 'tls',
            auth: ['OAUTHBEARER', 'PLAIN', 'LOGIN'],
            username: '%EMAILADDRESS%',
            oauth: {
              issuer: 'https://id.example.com',
              authorizationEndpoint: null,
              tokenEndpoint: null,
              scopes: [],
            },
          },
        ],
        dropped: [],
        displayName: 'Example Mail',
        documentation: 'https://example.com/help',
      },
    });
  });

  const host = (value: unknown) => ({ protocols: { submit: { host: value } } });
  const cases: [string, unknown, string[], number?][] = [
    [
      'the older name of submission counts',
      { protocols: { smtp: { host: 'a.example' } } },
      ['a.example'],
    ],
    [
      'the newer name stands first',
      { protocols: { smtp: { host: 'a.example' }, submit: { host: 'b.example' } } },
      ['b.example', 'a.example'],
    ],
    [
      'one server under both names is one',
      { protocols: { smtp: { host: 'a.example' }, submit: { host: 'A.example.' } } },
      ['a.example'],
    ],
    ['no submission is none', { protocols: { imap: { host: 'a.example' } } }, []],
    ['no protocols', {}, []],
    ['protocols of another type', { protocols: ['smtp'] }, []],
    ['a host that is a number', host(5), [], 1],
    ['a host that is none', host('a b'), [], 1],
    ['a host with a placeholder', host('smtp.%EMAILDOMAIN%'), [], 1],
    [
      'a bad entry beside a good one',
      { protocols: { submit: { host: '' }, smtp: { host: 'a.example' } } },
      ['a.example'],
      1,
    ],
    ['unknown members', { ...host('a.example'), version: '9', x: [{}] }, ['a.example']],
  ];
  test.each(cases)('%s', (_, document, hosts, dropped = 0) => {
    const config = configOf(document);
    expect(config.servers.map((server) => server.host)).toEqual(hosts);
    expect(config.dropped).toHaveLength(dropped);
  });

  test('says nothing of authentication where it says nothing', () => {
    const { servers, displayName, documentation } = configOf(host('a.example'));
    expect(servers[0]).toMatchObject({ auth: [], oauth: null });
    expect({ displayName, documentation }).toEqual({ displayName: null, documentation: null });
  });

  test('may give help as a plain URL, but only on the web', () => {
    expect(configOf({ info: { help: 'https://a.example/' } }).documentation).toBe(
      'https://a.example/',
    );
    expect(configOf({ info: { help: 'mailto:a@a.example' } }).documentation).toBeNull();
  });

  const broken: [string, string, string][] = [
    ['a web page', '<!doctype html>', 'other'],
    ['nothing', '', 'other'],
    ['a list', '[]', 'other'],
    ['a document cut short', GOOD.slice(0, 50), 'malformed'],
  ];
  test.each(broken)('%s is none', (_, text, kind) => {
    expect(parse(text)).toMatchObject({ ok: false, kind });
  });

  test('may begin with a byte order mark', () => {
    expect(parse(`\ufeff${GOOD}`).ok).toBe(true);
  });

  test('of any shape never throws, nor yields what is no host', () => {
    const anything = fc.object({
      key: fc.constantFrom(
        'protocols',
        'submit',
        'smtp',
        'host',
        'info',
        'help',
        '__proto__',
        'authentication',
        'oauth-public',
        'issuer',
      ),
      maxDepth: 4,
    });
    fc.assert(
      fc.property(anything, (document) => {
        const parsed = parse(JSON.stringify(document));
        expect(parsed.ok).toBe(true);
        for (const { host } of parsed.ok ? parsed.config.servers : [])
          expect(host).toMatch(/^[a-z0-9._:-]+$/);
      }),
    );
  });
});

describe('the digest', () => {
  const good = digestOf(GOOD);
  const cases: [string, string[], string][] = [
    ['no record', [], 'absent'],
    ['a record about something else', ['v=spf1 -all'], 'absent'],
    ['the right one', [`v=UAAC1; a=sha256; d=${good}`], 'matches'],
    [
      'in any order, with any spaces and a semicolon at the end',
      [` d = ${good} ;a=SHA256;v=uaac1;`],
      'matches',
    ],
    ['with unknown tags', [`v=UAAC1; x=1; a=sha256; d=${good}; y`], 'matches'],
    [
      'any of several',
      [`v=UAAC1; a=sha256; d=${digestOf('x')}`, `v=UAAC1; a=sha256; d=${good}`],
      'matches',
    ],
    ['a wrong one', [`v=UAAC1; a=sha256; d=${digestOf('x')}`], 'differs'],
    ['an empty one', ['v=UAAC1; a=sha256; d='], 'differs'],
    ['an unknown algorithm', [`v=UAAC1; a=md5; d=${good}`], 'differs'],
  ];
  test.each(cases)('%s', (_, records, verdict) => {
    expect(checkDigest(records, Buffer.from(GOOD))).toBe(verdict);
  });
});

describe('fetching a PACC document', () => {
  async function fetched(page: Page, txt?: readonly string[] | object) {
    const network = paperNetwork({
      documents: { [paccUrl('example.com')]: page },
      zone: txt ? { '_ua-auto-config.example.com TXT': txt } : {},
    });
    return fetchPacc('example.com', network, new AbortController().signal);
  }

  const right = [`v=UAAC1; a=sha256; d=${digestOf(GOOD)}`];
  const wrong = [`v=UAAC1; a=sha256; d=${digestOf('x')}`];
  const cases: [string, Page, readonly string[] | object | undefined, object][] = [
    [
      'without a digest',
      GOOD,
      undefined,
      { kind: 'found', unchecked: false, detail: 'HTTP 200: smtp.example.com' },
    ],
    [
      'with the right digest',
      GOOD,
      right,
      { kind: 'found', unchecked: false, detail: expect.stringContaining('digest verified') },
    ],
    [
      'with a wrong digest',
      GOOD,
      wrong,
      { kind: 'unusable', detail: expect.stringContaining('digest') },
    ],
    [
      'with a digest that cannot be looked up',
      GOOD,
      dnsFailure,
      { kind: 'found', unchecked: true },
    ],
    ['that is a web page', '<html>', undefined, { kind: 'nothing' }],
    ['that is broken', '{', undefined, { kind: 'unusable' }],
    ['without submission', '{}', undefined, { kind: 'nothing' }],
    [
      'with a bad host alone',
      '{"protocols":{"submit":{"host":"a b"}}}',
      undefined,
      { kind: 'unusable' },
    ],
    ['that is missing', 404, undefined, { kind: 'nothing', detail: 'HTTP 404' }],
    ['from a server in trouble', 500, undefined, { kind: 'failed', temporary: true }],
  ];
  test.each(cases)('%s', async (_, page, txt, expected) => {
    expect(await fetched(page, txt)).toMatchObject(expected);
  });

  test('goes to one HTTPS place', () => {
    expect(paccUrl('example.com')).toBe(
      'https://ua-auto-config.example.com/.well-known/user-agent-configuration.json',
    );
  });
});
