import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  autodiscoverRequest,
  parseAutodiscover,
} from '../../../src/sources/documents/autodiscover-xml.ts';
import { standInFor } from '../../../src/sources/documents/stand-in.ts';
import { childText, readXml } from '../../../src/sources/documents/xml.ts';

const RESPONSE = 'http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006';
const EMAIL = 'you@example.com';
const STAND_IN = standInFor('example.com');

const reply = (account: string) =>
  `<?xml version="1.0"?><Autodiscover xmlns="${RESPONSE}"><Response xmlns="x"><Account>${account}</Account></Response></Autodiscover>`;
const smtp = (more: string, port = '465') =>
  `<Protocol><Type>SMTP</Type><Server>smtp.example.com</Server><Port>${port}</Port>${more}</Protocol>`;
const parse = (document: string, email = EMAIL) =>
  parseAutodiscover(Buffer.from(document), 'text/xml', {
    address: email,
    standIn: email === STAND_IN,
  });

async function first(section: string, email?: string) {
  const parsed = await parse(reply(section), email);
  return parsed.kind === 'settings' ? parsed.servers[0] : undefined;
}

describe('what is asked', () => {
  test('the address is escaped', async () => {
    const email = `"a<b>&'c'"@example.com`;
    const xml = await readXml(Buffer.from(autodiscoverRequest(email)), 'text/xml');
    const request = xml.ok ? xml.root.children[0] : undefined;
    expect(request && childText(request, 'emailaddress')).toBe(email);
    expect(request?.children).toHaveLength(2);
  });
});

describe('what an answer says', () => {
  const encryptions: [string, string, string][] = [
    ['<SSL>on</SSL>', '465', 'tls'],
    ['<SSL>On</SSL>', '587', 'tls'],
    ['', '465', 'tls'],
    ['<SSL>off</SSL>', '587', 'none'],
    ['<SSL>off</SSL><Encryption>SSL</Encryption>', '465', 'tls'],
    ['<Encryption>TLS</Encryption>', '587', 'starttls'],
    ['<Encryption>TLS</Encryption>', '465', 'tls'],
    ['<SSL>on</SSL><Encryption>None</Encryption>', '25', 'none'],
    ['<Encryption>Auto</Encryption>', '587', 'starttls'],
    ['<Encryption>Auto</Encryption>', '465', 'tls'],
    ['<Encryption>STARTTLS</Encryption>', '587', 'starttls'],
    ['<Encryption>StartTls</Encryption>', '25', 'starttls'],
    ['<Encryption>Start-TLS</Encryption>', '2525', 'starttls'],
    ['<SSL>off</SSL><Encryption>STARTTLS</Encryption>', '587', 'starttls'],
    ['<SSL>on</SSL><Encryption>STARTTLS</Encryption>', '587', 'starttls'],
    ['<Encryption>quantum</Encryption>', '587', 'tls'],
    ['<SSL>off</SSL><Encryption>quantum</Encryption>', '25', 'none'],
    ['<SSL>on</SSL><Encryption/>', '25', 'tls'],
    // Modoboa
    ['<SSL>false</SSL><TLS>true</TLS>', '587', 'tls'],
  ];
  test.each(encryptions)('%s on port %s', async (section, port, encryption) => {
    expect(await first(smtp(section, port))).toMatchObject({ port: Number(port), encryption });
  });

  const usual = ['465/tls', '587/starttls', '25/starttls'];
  const withoutPort: [string, readonly string[]][] = [
    ['', usual],
    ['<Port/>', usual],
    ['<SSL>on</SSL>', usual],
    ['<Encryption>SSL</Encryption>', usual],
    ['<Encryption>Auto</Encryption>', usual],
    ['<Encryption>quantum</Encryption>', usual],
    ['<Encryption>TLS</Encryption>', ['587/starttls', '25/starttls', '465/tls']],
    ['<SSL>off</SSL><Encryption>STARTTLS</Encryption>', ['587/starttls', '25/starttls', '465/tls']],
    ['<SSL>off</SSL>', ['587/none', '25/none']],
    ['<Encryption>None</Encryption>', ['587/none', '25/none']],
  ];
  test.each(withoutPort)('%s without a port', async (section, expected) => {
    const parsed = await parse(
      reply(`<Protocol><Type>SMTP</Type><Server>smtp.example.com</Server>${section}</Protocol>`),
    );
    const servers = parsed.kind === 'settings' ? parsed.servers : [];
    expect(servers.map(({ port, encryption }) => `${port}/${encryption}`)).toEqual(expected);
  });

  const logins: [string, string, string | null][] = [
    ['', EMAIL, null],
    [`<LoginName>${EMAIL}</LoginName>`, EMAIL, '%EMAILADDRESS%'],
    ['<LoginName>YOU@Example.com</LoginName>', EMAIL, '%EMAILADDRESS%'],
    ['<LoginName>you</LoginName>', EMAIL, '%EMAILLOCALPART%'],
    ['<LoginName>u1234</LoginName>', EMAIL, 'u1234'],
    [`<LoginName>${STAND_IN}</LoginName>`, STAND_IN, '%EMAILADDRESS%'],
    ['<LoginName>Postmaster@Example.COM</LoginName>', STAND_IN, '%EMAILADDRESS%'],
    ['<LoginName>postmaster%40example.com</LoginName>', STAND_IN, '%EMAILADDRESS%'],
    ['<LoginName>postmaster</LoginName>', STAND_IN, '%EMAILLOCALPART%'],
    ['<LoginName>CORP\\postmaster</LoginName>', STAND_IN, 'CORP\\%EMAILLOCALPART%'],
    [
      '<LoginName>postmaster@mail.example.com</LoginName>',
      STAND_IN,
      '%EMAILLOCALPART%@mail.example.com',
    ],
    ['<LoginName>mx-postmaster</LoginName>', STAND_IN, null],
    ['<LoginName>postmaster1</LoginName>', STAND_IN, null],
    ['<LoginName>u1234</LoginName>', STAND_IN, null],
    ['<LoginName>postmaster</LoginName>', EMAIL, 'postmaster'],
    [
      '<LoginName>postmaster</LoginName><DomainRequired>on</DomainRequired><DomainName>CORP</DomainName>',
      STAND_IN,
      'CORP\\%EMAILLOCALPART%',
    ],
    [
      '<LoginName>you</LoginName><DomainRequired>on</DomainRequired><DomainName>CORP</DomainName>',
      EMAIL,
      'CORP\\%EMAILLOCALPART%',
    ],
    [
      '<LoginName>you</LoginName><DomainRequired>off</DomainRequired><DomainName>CORP</DomainName>',
      EMAIL,
      '%EMAILLOCALPART%',
    ],
  ];
  test.each(logins)('%s, asked for %s', async (section, email, username) => {
    expect(await first(smtp(section), email)).toMatchObject({ username });
  });

  test('a host that is made of the stand-in is none', async () => {
    const section = smtp('').replace('smtp.', 'postmaster.');
    expect(await first(section, STAND_IN)).toBeUndefined();
    expect(await first(section)).toMatchObject({ host: 'postmaster.example.com' });
  });

  test('only SMTP sections count, in order, and a bad one costs itself alone', async () => {
    const imap =
      '<Protocol><Type>IMAP</Type><Server>imap.example.com</Server><Port>993</Port></Protocol>';
    const parsed = await parse(
      reply(`${imap}${smtp('', '0')}${smtp('', '465')}${smtp('', '587')}`),
    );
    expect(parsed).toMatchObject({
      servers: [{ port: 465 }, { port: 587 }],
      dropped: ['port "0" is not a port'],
    });
  });

  const others: [string, string, object][] = [
    [
      'a redirect to a URL',
      reply('<Action>redirectUrl</Action><RedirectUrl>https://x.example/a</RedirectUrl>'),
      { kind: 'redirect-url', url: 'https://x.example/a' },
    ],
    [
      'a redirect to an address',
      reply('<Action>redirectAddr</Action><RedirectAddr>you@x.example</RedirectAddr>'),
      { kind: 'redirect-address', email: 'you@x.example' },
    ],
    [
      'settings outweigh a redirect',
      reply(`${smtp('')}<RedirectUrl>https://x.example/a</RedirectUrl>`),
      { kind: 'settings' },
    ],
    [
      'a WEB section with sections of its own',
      reply(
        `<Protocol><Type>WEB</Type><External>${smtp('', '25')}</External>${smtp('', '25')}</Protocol>${smtp('')}`,
      ),
      { kind: 'settings', servers: [{ port: 465 }], dropped: [] },
    ],
    [
      'a WEB section alone',
      reply(`<Protocol><Type>WEB</Type>${smtp('')}</Protocol>`),
      { kind: 'settings', servers: [], dropped: [] },
    ],
    [
      'an error',
      '<Autodiscover><Response><Error Id="1"><ErrorCode>600</ErrorCode><Message>Invalid\u202e Request</Message></Error></Response></Autodiscover>',
      { kind: 'error', code: '600', message: 'Invalid Request' },
    ],
    [
      'an Exchange account alone',
      reply('<Protocol><Type>EXCH</Type><Server>x</Server></Protocol>'),
      { kind: 'settings', servers: [], dropped: [] },
    ],
    ['an empty answer', '<Autodiscover/>', { kind: 'other' }],
    ['a web page', '<html>', { kind: 'other' }],
    ['another document', '<clientConfig/>', { kind: 'other' }],
    ['a broken one', '<Autodiscover>', { kind: 'malformed' }],
    ['one with a DTD', `<!DOCTYPE a [<!ENTITY b "c">]>${reply(smtp(''))}`, { kind: 'malformed' }],
  ];
  test.each(others)('%s', async (_, document, expected) => {
    expect(await parse(document)).toMatchObject(expected);
  });

  test('whatever the pieces, it never throws', async () => {
    const pieces = [
      ...reply(smtp('<SSL>on</SSL>')).split(/(?=<)/),
      '<RedirectUrl>',
      '<LoginName>%',
      '&#0;',
      '<!--',
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), async (heap) => {
        expect((await parse(heap.join(''))).kind).toBeTypeOf('string');
      }),
      { numRuns: 200 },
    );
  });
});
