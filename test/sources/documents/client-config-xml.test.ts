import { describe, expect, test } from 'vitest';
import { parseClientConfig } from '../../../src/sources/documents/client-config-xml.ts';

interface Section {
  type?: string;
  host?: string;
  port?: string;
  socket?: string;
  auth?: string;
  user?: string;
  more?: string;
}

function outgoing(section: Section = {}): string {
  const { type = 'smtp', host = 'smtp.example.com', port = '465', socket = 'SSL' } = section;
  const { auth = '', user = '', more = '' } = section;
  return `<outgoingServer type="${type}"><hostname>${host}</hostname><port>${port}</port>
    <socketType>${socket}</socketType>${auth}${user}${more}</outgoingServer>`;
}

function inProvider(content: string): string {
  return `<clientConfig version="1.1"><emailProvider id="example.com">${content}</emailProvider></clientConfig>`;
}

async function parse(document: string | Uint8Array, contentType = 'text/xml') {
  const bytes = typeof document === 'string' ? Buffer.from(document) : document;
  return parseClientConfig(bytes, contentType, 'example.com');
}

async function configOf(document: string | Uint8Array, contentType?: string) {
  const parsed = await parse(document, contentType);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.config;
}

async function serversOf(document: string | Uint8Array, contentType?: string): Promise<string[]> {
  const { servers } = await configOf(document, contentType);
  return servers.map(({ host, port, encryption }) => `${host}:${port}/${encryption}`);
}

const GOOD = 'smtp.example.com:465/tls';

describe('a full document', () => {
  test('yields its servers in order, its name, its help and its OAuth endpoints', async () => {
    const config = await configOf(`<?xml version="1.0" encoding="UTF-8"?>
      <clientConfig version="1.2">
        <emailProvider id="example.com">
          <domain>example.com</domain>
          <displayName>Example Mail für alle</displayName>
          <displayShortName>Example</displayShortName>
          <incomingServer type="imap"><hostname>imap.example.com</hostname><port>993</port>
            <socketType>SSL</socketType></incomingServer>
          <outgoingServer type="smtp">
            <hostname>smtp.example.com</hostname><port>587</port><socketType>STARTTLS</socketType>
            <authentication>OAuth2</authentication><authentication>password-cleartext</authentication>
            <username>%EMAILADDRESS%</username>
          </outgoingServer>
          <outgoingServer type="smtp">
            <hostname>smtp.example.com</hostname><port>465</port><socketType>SSL</socketType>
            <username>%EMAILLOCALPART%</username>
          </outgoingServer>
          <documentation url="https://example.com/help?a=1&amp;b=2"><descr lang="en">Help</descr></documentation>
        </emailProvider>
        <oAuth2><issuer>login.example.com</issuer><authURL>https://login.example.com/auth</authURL>
          <tokenURL>https://login.example.com/token</tokenURL><scope>SMTP
            offline_access</scope><clientID>open</clientID><clientSecret>hush</clientSecret></oAuth2>
      </clientConfig>`);
    const oauth = {
      issuer: 'login.example.com',
      authorizationEndpoint: 'https://login.example.com/auth',
      tokenEndpoint: 'https://login.example.com/token',
      scopes: ['SMTP', 'offline_access'],
      deviceAuthorizationEndpoint: null,
      pkce: null,
      registration: null,
    };
    expect(config).toEqual({
      servers: [
        {
          host: 'smtp.example.com',
          port: 587,
          encryption: 'starttls',
          auth: ['OAUTHBEARER', 'XOAUTH2', 'PLAIN', 'LOGIN'],
          username: '%EMAILADDRESS%',
          oauth,
        },
        {
          host: 'smtp.example.com',
          port: 465,
          encryption: 'tls',
          auth: [],
          username: '%EMAILLOCALPART%',
          oauth,
        },
      ],
      dropped: [],
      assumed: [],
      displayName: 'Example Mail für alle',
      documentation: 'https://example.com/help?a=1&b=2',
    });
    expect(JSON.stringify(config)).not.toContain('hush');
  });
});

describe('what is tolerated', () => {
  const cases: [string, string, string[]?][] = [
    ['an unknown version', inProvider(outgoing()).replace('1.1', '9.9-beta')],
    ['no version', inProvider(outgoing()).replace(' version="1.1"', '')],
    ['no incoming server', inProvider(outgoing())],
    ['a broken incoming server', inProvider(`<incomingServer type="imap"/>${outgoing()}`)],
    ['unknown elements', inProvider(`<x><y z="1"/>t</x>${outgoing({ more: '<new>1</new>' })}<z/>`)],
    [
      'elements named after object internals',
      inProvider(
        `<__proto__><polluted/></__proto__><constructor/><toString/>${outgoing({ more: '<prototype>1</prototype>' })}`,
      ),
    ],
    [
      'attributes named after object internals',
      inProvider(outgoing()).replace('id=', '__proto__="1" constructor="2" id='),
    ],
    [
      'comments anywhere',
      `<!-- <!DOCTYPE a> -->${inProvider(`<!-- a -->${outgoing({ host: 'smtp<!-- b -->.example.com' })}`)}<!-- c -->`,
    ],
    ['CDATA', inProvider(outgoing({ host: '<![CDATA[ smtp.example.com ]]>' }))],
    ['character references', inProvider(outgoing({ host: 'smtp&#46;example&#x2e;com' }))],
    [
      'white space around values',
      inProvider(outgoing({ host: '\n smtp.example.com\t', port: ' 465 ', socket: '\r\nSSL ' })),
    ],
    ['white space before the declaration', `\r\n  <?xml version="1.0"?>${inProvider(outgoing())}`],
    ['upper-case host names', inProvider(outgoing({ host: 'SMTP.Example.COM' }))],
    ['a host name with a root dot', inProvider(outgoing({ host: 'smtp.example.com.' }))],
    ['a type in another case', inProvider(outgoing({ type: 'SMTP' }))],
    ['a socketType in another case', inProvider(outgoing({ socket: 'ssl' }))],
    ['socketType TLS', inProvider(outgoing({ socket: 'TLS' }))],
    ['socketType SSL/TLS', inProvider(outgoing({ socket: 'SSL/TLS' }))],
    ['a namespace', inProvider(outgoing()).replace('<clientConfig', '<clientConfig xmlns="urn:x"')],
    [
      'a namespace prefix',
      inProvider(outgoing()).replaceAll(/<(\/?)clientConfig/g, '<$1a:clientConfig'),
    ],
    [
      'the server without emailProvider around it',
      `<clientConfig version="1.2">${outgoing()}</clientConfig>`,
    ],
    ['a server that is listed twice', inProvider(outgoing() + outgoing())],
    ['%EMAILDOMAIN% in the host name', inProvider(outgoing({ host: 'smtp.%EMAILDOMAIN%' }))],
    [
      'an international host name',
      inProvider(outgoing({ host: 'smtp.bücher.example' })),
      ['smtp.xn--bcher-kva.example:465/tls'],
    ],
    [
      'an address for a host name',
      inProvider(outgoing({ host: '192.0.2.1' })),
      ['192.0.2.1:465/tls'],
    ],
    [
      'STARTTLS',
      inProvider(outgoing({ port: '587', socket: 'starttls' })),
      ['smtp.example.com:587/starttls'],
    ],
    ['plain', inProvider(outgoing({ port: '25', socket: 'plain' })), ['smtp.example.com:25/none']],
    [
      'bare text between elements, with an empty id and domain (ISPConfig)',
      `<clientConfig version="1.1">\n1<emailProvider id=""> x <domain></domain>\n<domain/>y${outgoing()} z</emailProvider>\n1</clientConfig>`,
    ],
    [
      'plain on 25 before 587 (grommunio)',
      inProvider(
        outgoing({ port: '25', socket: 'plain' }) + outgoing({ port: '587', socket: 'STARTTLS' }),
      ),
      ['smtp.example.com:25/none', 'smtp.example.com:587/starttls'],
    ],
    [
      'several providers, in order',
      `<clientConfig><emailProvider>${outgoing({ host: 'a.example' })}</emailProvider><emailProvider>${outgoing({ host: 'b.example' })}</emailProvider></clientConfig>`,
      ['a.example:465/tls', 'b.example:465/tls'],
    ],
  ];
  test.each(cases)('%s', async (_, document, expected = [GOOD]) => {
    expect(await serversOf(document)).toEqual(expected);
  });
});

describe('a section that cannot be used costs that section alone', () => {
  const sections: [string, Section][] = [
    ['port 0', { port: '0' }],
    ['port 70000', { port: '70000' }],
    ['port abc', { port: 'abc' }],
    ['port -25', { port: '-25' }],
    ['port 5.87e2', { port: '5.87e2' }],
    ['no port', { port: '' }],
    ['no host name', { host: '' }],
    ['a host name with a space', { host: 'smtp example.com' }],
    ['a host name with a path', { host: 'smtp.example.com/x' }],
    ['a host name with a port', { host: 'smtp.example.com:465' }],
    ['a host name of markup', { host: '&lt;script&gt;' }],
    ['a host name of 300 characters', { host: `${'a.'.repeat(150)}com` }],
    ['an unknown placeholder in the host name', { host: '%FOO%.example.com' }],
    [
      'the local part in the host name, which would be told to every resolver',
      { host: '%EMAILLOCALPART%.example.com' },
    ],
    ['another protocol', { type: 'carrier-pigeon' }],
    ['no protocol', { type: '' }],
  ];
  test.each(sections)('%s', async (_, section) => {
    const bad = outgoing({ host: 'bad.example.com', ...section });
    const config = await configOf(inProvider(bad + outgoing()));
    expect(config.servers.map(({ host }) => host)).toEqual(['smtp.example.com']);
    expect(config.dropped).toHaveLength(1);
  });

  test('wrong nesting is passed over', async () => {
    const nested = `<incomingServer type="imap">${outgoing()}</incomingServer>`;
    expect(await serversOf(inProvider(nested))).toEqual([]);
    expect(await serversOf(inProvider(`<domain>${inProvider(outgoing())}</domain>`))).toEqual([]);
  });

  test('servers without end are cut to a few', async () => {
    const many = Array.from({ length: 500 }, (_, i) => outgoing({ host: `h${i}.example.com` }));
    expect(await serversOf(inProvider(many.join('')))).toHaveLength(16);
  });
});

describe('the first of repeated elements that is understood counts', () => {
  const server = (content: string) =>
    inProvider(`<outgoingServer type="smtp">${content}</outgoingServer>`);
  const host = '<hostname>smtp.example.com</hostname>';
  const port = '<port>587</port>';
  const starttls = '<socketType>STARTTLS</socketType>';
  const cases: [string, string, string][] = [
    ['socketType', `${host}${port}<socketType>future</socketType>${starttls}`, '587/starttls'],
    ['an empty socketType', `${host}${port}<socketType/>${starttls}`, '587/starttls'],
    ['two of them', `${host}${port}${starttls}<socketType>SSL</socketType>`, '587/starttls'],
    [
      'plain after another',
      `${host}${port}${starttls}<socketType>plain</socketType>`,
      '587/starttls',
    ],
    ['hostname', `<hostname>%NEW%</hostname>${host}${port}${starttls}`, '587/starttls'],
    ['an empty hostname', `<hostname/>${host}${port}${starttls}`, '587/starttls'],
    ['port', `${host}<port>auto</port>${port}${starttls}`, '587/starttls'],
    ['two ports', `${host}${port}<port>25</port>${starttls}`, '587/starttls'],
  ];
  test.each(cases)('%s', async (_, content, expected) => {
    expect(await serversOf(server(content))).toEqual([`smtp.example.com:${expected}`]);
    expect(await configOf(server(content))).toMatchObject({ dropped: [], assumed: [] });
  });

  test('username', async () => {
    const names = '<username>%NEW%</username><username>%EMAILADDRESS%</username>';
    const { servers } = await configOf(server(`${host}${port}${starttls}${names}`));
    expect(servers[0]?.username).toBe('%EMAILADDRESS%');
  });
});

describe('where the socketType is not understood, the port decides', () => {
  const cases: [string, string, string][] = [
    ['', '465', 'tls'],
    ['', '587', 'starttls'],
    ['', '25', 'starttls'],
    ['', '2525', 'starttls'],
    ['', '2465', 'tls'],
    ['STARTSSL', '587', 'starttls'],
    ['STARTSSL', '465', 'tls'],
    ['TLS/SSL', '465', 'tls'],
    ['TLS/SSL', '587', 'starttls'],
    ['none', '25', 'starttls'],
    ['magic', '587', 'starttls'],
  ];
  test.each(cases)('"%s" on %s', async (socket, port, expected) => {
    const config = await configOf(inProvider(outgoing({ socket, port })));
    expect(config.servers).toMatchObject([{ port: Number(port), encryption: expected }]);
    expect(config.dropped).toEqual([]);
    expect(config.assumed).toHaveLength(1);
  });

  test('a slip of space or case is understood', async () => {
    const config = await configOf(inProvider(outgoing({ socket: 'StartTLS ', port: '2465' })));
    expect(config).toMatchObject({ servers: [{ encryption: 'starttls' }], assumed: [] });
  });

  test('an element that is missing is like an empty one', async () => {
    const section = outgoing({ port: '587' }).replace('<socketType>SSL</socketType>', '');
    expect(await serversOf(inProvider(section))).toEqual(['smtp.example.com:587/starttls']);
  });
});

describe('the order of servers', () => {
  const way = (...words: string[]) =>
    words.map((word) => `<authentication>${word}</authentication>`).join('');
  const cases: [string, string, string, string[]][] = [
    ['one with no known way to sign in', way('telepathy'), way('plain'), ['b', 'a']],
    ['one where nobody signs in', way('none'), way('password-cleartext'), ['b', 'a']],
    ['one before one that says nothing', way('telepathy'), '', ['b', 'a']],
    ['one with a known way beside', way('telepathy', 'plain'), way('plain'), ['a', 'b']],
    ['one that says nothing', '', way('plain'), ['a', 'b']],
    ['one with an empty element', way(''), way('plain'), ['a', 'b']],
    ['none that is known', way('telepathy'), way('levitation'), ['a', 'b']],
  ];
  test.each(cases)('%s', async (_, first, second, expected) => {
    const a = outgoing({ host: 'a.example', auth: first });
    const b = outgoing({ host: 'b.example', auth: second });
    const { servers } = await configOf(inProvider(a + b));
    expect(servers.map(({ host }) => host)).toEqual(expected.map((name) => `${name}.example`));
  });

  test('a server that is listed again, with a way that is known, keeps its place', async () => {
    const [a, again, b] = [
      outgoing({ host: 'a.example', auth: way('telepathy') }),
      outgoing({ host: 'a.example', auth: way('plain') }),
      outgoing({ host: 'b.example', auth: way('plain') }),
    ];
    expect(await serversOf(inProvider(a + b + again))).toEqual([
      'a.example:465/tls',
      'b.example:465/tls',
    ]);
  });
});

describe('authentication', () => {
  const cases: [string, string[]][] = [
    ['<authentication>password-cleartext</authentication>', ['PLAIN', 'LOGIN']],
    ['<authentication>plain</authentication>', ['PLAIN', 'LOGIN']],
    ['<authentication>password-encrypted</authentication>', ['CRAM-MD5']],
    ['<authentication>secure</authentication>', ['CRAM-MD5']],
    ['<authentication>NTLM</authentication>', ['NTLM']],
    ['<authentication>GSSAPI</authentication>', ['GSSAPI']],
    ['<authentication>TLS-client-cert</authentication>', ['EXTERNAL']],
    ['<authentication>OAuth2</authentication>', ['OAUTHBEARER', 'XOAUTH2']],
    ['<authentication>OAuth</authentication>', ['OAUTHBEARER', 'XOAUTH2']],
    ['<authentication>oauth2</authentication>', ['OAUTHBEARER', 'XOAUTH2']],
    ['<authentication>client-IP-address</authentication>', []],
    ['<authentication>smtp-after-pop</authentication>', []],
    ['<authentication>none</authentication>', []],
    ['<authentication>telepathy</authentication>', []],
    ['<authentication>constructor</authentication>', []],
    ['<authentication/>', []],
    ['', []],
    ['<authentication system="sasl">scram-sha-256</authentication>', ['SCRAM-SHA-256']],
    ['<authentication>SASL SCRAM-SHA-256-PLUS</authentication>', ['SCRAM-SHA-256-PLUS']],
    ['<authentication system="sasl">no such (name)</authentication>', []],
    [
      '<authentication>GSSAPI</authentication><authentication>x</authentication><authentication>plain</authentication><authentication>password-cleartext</authentication>',
      ['GSSAPI', 'PLAIN', 'LOGIN'],
    ],
  ];
  test.each(cases)('%s', async (auth, expected) => {
    const config = await configOf(inProvider(outgoing({ auth })));
    expect(config.servers[0]?.auth).toEqual(expected);
  });

  test('one server listed once for each way keeps all of them', async () => {
    const cleartext = '<authentication>password-cleartext</authentication>';
    const oauth = '<authentication>OAuth2</authentication>';
    const user = '<username>%EMAILADDRESS%</username>';
    const config = await configOf(
      inProvider(outgoing({ auth: oauth }) + outgoing({ auth: cleartext, user })),
    );
    expect(config.servers).toHaveLength(1);
    expect(config.servers[0]).toMatchObject({
      auth: ['OAUTHBEARER', 'XOAUTH2', 'PLAIN', 'LOGIN'],
      username: '%EMAILADDRESS%',
    });
  });
});

describe('user names', () => {
  const cases: [string, string | null][] = [
    ['%EMAILADDRESS%', '%EMAILADDRESS%'],
    ['%EMAILLOCALPART%', '%EMAILLOCALPART%'],
    ['%emaillocalpart%', '%EMAILLOCALPART%'],
    ['x-%EMAILLOCALPART%+%EMAILDOMAIN%', 'x-%EMAILLOCALPART%+%EMAILDOMAIN%'],
    ['EXAMPLE\\%EMAILLOCALPART%', 'EXAMPLE\\%EMAILLOCALPART%'],
    ['fred', 'fred'],
    ['50% off', '50% off'],
    ['a&amp;b', 'a&b'],
    ['a&nbsp;b', 'a&nbsp;b'],
    ['007', '007'],
    ['', null],
    ['%USERNAME%', null],
    ['%EMAILADDRESS%\u202e', null],
    ['u'.repeat(400), null],
  ];
  test.each(cases)('%s', async (text, expected) => {
    const user = `<username>${text}</username>`;
    const config = await configOf(inProvider(outgoing({ user })));
    expect(config.servers[0]?.username).toBe(expected);
  });
});

describe('what a provider says of itself', () => {
  test('is stripped of what could disguise it, and cut', async () => {
    const name = `<displayName>Ex\u202eample &#27;[31mMail ${'x'.repeat(200)}</displayName>`;
    const { displayName } = await configOf(inProvider(name + outgoing()));
    expect(displayName).toMatch(/^Example Mail x+…$/);
    expect(displayName).toHaveLength(60);
  });

  test('the short name stands in for a name', async () => {
    const name = '<displayName> </displayName><displayShortName>Ex</displayShortName>';
    expect(await configOf(inProvider(name))).toMatchObject({ displayName: 'Ex' });
  });

  const names: [string, string | null][] = [
    ['Mail at %EMAILDOMAIN%', 'Mail at example.com'],
    ['%EMAILADDRESS%', null],
    ['%EmailLocalPart%', null],
    ['Groupware (%EMAILADDRESS%)', 'Groupware'],
    ['Groupware [%emailaddress%]', 'Groupware'],
    ['Groupware &lt;%EMAILADDRESS%&gt;', 'Groupware'],
    ['Groupware - %EMAILADDRESS%', 'Groupware'],
    ['%EMAILADDRESS% - Groupware', 'Groupware'],
    ['%EMAILADDRESS%: Groupware', 'Groupware'],
    ['Groupware (%EMAILLOCALPART%) Pro', 'Groupware Pro'],
    ['Groupware ()', 'Groupware'],
    ['Groupware ( )', 'Groupware'],
    ['Groupware (@)', 'Groupware'],
    ['Groupware - ', 'Groupware'],
    ['Groupware (Pro)', 'Groupware (Pro)'],
    ['Post - Mail', 'Post - Mail'],
    ['100%', '100%'],
    ['E-Mail', 'E-Mail'],
    ['Mail for %EMAILADDRESS%', null],
    ['%EMAILLOCALPART%’s mail', null],
    ['()', null],
    ['@', null],
    [' - ', null],
  ];
  test.each(names)('the name "%s"', async (name, expected) => {
    const { displayName } = await configOf(inProvider(`<displayName>${name}</displayName>`));
    expect(displayName).toBe(expected);
  });

  test('the short name stands in for one that is nothing but the address', async () => {
    const name =
      '<displayName>%EMAILADDRESS%</displayName><displayShortName>Groupware ()</displayShortName>';
    expect(await configOf(inProvider(name))).toMatchObject({ displayName: 'Groupware' });
  });

  const urls: [string, string | null][] = [
    ['http://example.com/help', 'http://example.com/help'],
    ['javascript:alert(1)', null],
    ['file:///etc/passwd', null],
    ['https://user:secret@example.com/', null],
    ['help.html', null],
  ];
  test.each(urls)('documentation at %s', async (url, expected) => {
    const { documentation } = await configOf(inProvider(`<documentation url="${url}"/>`));
    expect(documentation).toBe(expected);
  });

  test('OAuth endpoints that are not HTTPS are left out', async () => {
    const oauth =
      '<oAuth2><issuer>x</issuer><authURL>http://a.example/</authURL><tokenURL>ftp://b/</tokenURL></oAuth2>';
    const { servers } = await configOf(inProvider(outgoing() + oauth));
    expect(servers[0]?.oauth).toEqual({
      issuer: 'x',
      authorizationEndpoint: null,
      tokenEndpoint: null,
      scopes: [],
      deviceAuthorizationEndpoint: null,
      pkce: null,
      registration: null,
    });
  });
});

describe('encodings', () => {
  const declared = (encoding: string) =>
    `<?xml version="1.0" encoding="${encoding}"?>${inProvider(`<displayName>Müller</displayName>${outgoing()}`)}`;
  const bigEndian = (text: string) => Buffer.from(text, 'utf16le').swap16();
  const cases: [string, Buffer, string?][] = [
    ['UTF-8', Buffer.from(declared('UTF-8'))],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${declared('UTF-8')}`)],
    ['UTF-8 that claims to be Latin-1', Buffer.from(declared('ISO-8859-1'))],
    ['UTF-8 that claims to be UTF-16', Buffer.from(declared('utf-16'))],
    ['UTF-16 LE with a byte order mark', Buffer.from(`\ufeff${declared('UTF-16')}`, 'utf16le')],
    ['UTF-16 BE with a byte order mark', bigEndian(`\ufeff${declared('UTF-16')}`)],
    ['UTF-16 LE without', Buffer.from(declared('UTF-16LE'), 'utf16le')],
    ['UTF-16 BE without', bigEndian(declared('UTF-16BE'))],
    ['Latin-1 by declaration', Buffer.from(declared('ISO-8859-1'), 'latin1')],
    [
      'Latin-1 by Content-Type',
      Buffer.from(declared('x'), 'latin1'),
      'text/xml; charset="iso-8859-1"',
    ],
    ['Latin-1 that claims to be UTF-8', Buffer.from(declared('UTF-8'), 'latin1')],
    ['Latin-1 under a label nobody knows', Buffer.from(declared('x-klingon'), 'latin1')],
  ];
  test.each(cases)('%s', async (_, bytes, contentType) => {
    const config = await configOf(bytes, contentType);
    expect(config.displayName).toBe('Müller');
    expect(config.servers).toHaveLength(1);
  });
});

describe('documents that are no clientConfig', () => {
  const html = '<!DOCTYPE html><html><body><br>Welcome</body></html>';
  const cases: [string, string, 'other' | 'malformed', RegExp][] = [
    ['a web page', html, 'other', /web page/],
    ['a web page without doctype', '\n<HTML><p>hi', 'other', /web page/],
    ['an old web page', '<!doctype HTML PUBLIC "-//W3C//DTD HTML 4.01//EN">x', 'other', /web page/],
    ['nothing', '', 'other', /empty/],
    ['white space', ' \r\n ', 'other', /empty/],
    ['plain text', 'Not found', 'other', /not an XML/],
    ['JSON', '{"smtp": "x"}', 'other', /not an XML/],
    ['a lone bracket', '<', 'other', /not an XML/],
    ['another kind of XML', '<rss version="2.0"><channel/></rss>', 'other', /another kind \(rss\)/],
    ['a document cut short', inProvider(outgoing()).slice(0, 150), 'malformed', /malformed XML/],
    ['crossed tags', '<clientConfig><a><b></a></b></clientConfig>', 'malformed', /malformed XML/],
    ['two roots', inProvider(outgoing()).repeat(2), 'malformed', /malformed XML/],
    ['a bare ampersand', inProvider(outgoing({ host: 'a & b' })), 'malformed', /malformed XML/],
    ['an open comment', `${inProvider(outgoing())}<!-- `, 'malformed', /malformed XML/],
    [
      'a doctype',
      `<!DOCTYPE clientConfig SYSTEM "x.dtd">${inProvider(outgoing())}`,
      'malformed',
      /DTD/,
    ],
    [
      'an entity',
      `<!DOCTYPE c [<!ENTITY h "smtp.example.com">]>${inProvider(outgoing({ host: '&h;' }))}`,
      'malformed',
      /DTD/,
    ],
    [
      'an external entity',
      `<!DOCTYPE c [<!ENTITY h SYSTEM "file:///etc/passwd">]>${inProvider(outgoing({ host: '&h;' }))}`,
      'malformed',
      /DTD/,
    ],
    ['an entity inside the root', inProvider(`<!ENTITY h "x">${outgoing()}`), 'malformed', /DTD/],
    ['nesting without end', '<clientConfig>'.repeat(3000), 'malformed', /malformed XML/],
    [
      'closed nesting, very deep',
      `${'<clientConfig>'.repeat(2000)}${'</clientConfig>'.repeat(2000)}`,
      'malformed',
      /malformed XML/,
    ],
  ];
  test.each(cases)('%s', async (_, document, kind, reason) => {
    const parsed = await parse(document);
    expect(parsed).toMatchObject({ ok: false, kind });
    expect(parsed.ok ? '' : parsed.reason).toMatch(reason);
  });

  test('the right root element outweighs a wrong Content-Type', async () => {
    expect(await serversOf(inProvider(outgoing()), 'text/html; charset=utf-8')).toEqual([GOOD]);
    expect((await parse(html, 'text/xml')).ok).toBe(false);
  });

  test('a document without outgoing servers is one, and has none', async () => {
    expect(await serversOf(inProvider(''))).toEqual([]);
    expect(await serversOf('<clientConfig/>')).toEqual([]);
  });

  test('a reason never carries what a terminal would obey', async () => {
    const parsed = await parse('<a\u001b[31m\u202e>');
    expect(parsed.ok ? '' : parsed.reason).not.toMatch(/[\u001b\u202e]/);
  });
});
