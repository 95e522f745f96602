import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePacc } from '../../../src/sources/documents/pacc-json.ts';

const GOOD = JSON.stringify({
  protocols: { submit: { host: 'Smtp.example.com' }, imap: { host: 'imap.example.com' } },
  authentication: { 'oauth-public': { issuer: 'https://id.example.com' }, password: true },
  info: {
    provider: { name: 'Example Mail', shortName: 'Ex' },
    help: { documentation: 'https://example.com/help' },
  },
});

const parse = (text: string) => parsePacc(Buffer.from(text), 'application/json');

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
              deviceAuthorizationEndpoint: null,
              pkce: null,
              registration: null,
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
