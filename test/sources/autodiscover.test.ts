import { describe, expect, test } from 'vitest';
import { autodiscover } from '../../src/sources/autodiscover.ts';
import {
  askSource,
  authentic,
  dnsFailure,
  type Lookups,
  outcomes,
  type Page,
  type Paper,
  paperNetwork,
  proposed,
  srvRecord,
  warningCodes,
} from './paper-network.ts';

const FIRST = 'https://autodiscover.example.com/autodiscover/autodiscover.xml';
const SECOND = 'https://example.com/autodiscover/autodiscover.xml';
const PLAIN = FIRST.replace('https:', 'http:');
const SRV = '_autodiscover._tcp.example.com SRV';
const ALIAS = 'autodiscover.example.com CNAME';

const reply = (account: string) =>
  `<Autodiscover><Response><Account>${account}</Account></Response></Autodiscover>`;
const settings = (host: string) =>
  reply(`<Protocol><Type>SMTP</Type><Server>${host}</Server><Port>465</Port></Protocol>`);
const moved = (url: string, status = 200): Page => ({ status, url }) as Page;

async function ask(paper: Paper, asking: Lookups = {}) {
  const network = paperNetwork(paper);
  const answers = await askSource(autodiscover, network, asking);
  const posts = network.requests.filter(({ options }) => options.method === 'POST');
  return {
    answers,
    all: [...answers.values()],
    asked: network.asked,
    posts,
    requests: network.requests,
  };
}

describe('Autodiscover', () => {
  test('is looked for in four ways, in order, and then by alias', async () => {
    const { answers, requests } = await ask({});
    expect([...answers.keys()]).toEqual([FIRST, SECOND, PLAIN, SRV, ALIAS]);
    expect(outcomes(answers)).toEqual(['nothing', 'nothing', 'nothing', 'nothing', 'nothing']);
    expect(requests.map(({ url, options }) => `${options.method ?? 'GET'} ${url}`)).toEqual([
      `POST ${FIRST}`,
      `POST ${SECOND}`,
      `GET ${PLAIN}`,
    ]);
  });

  test('posts XML of exactly the type that Exchange wants, and no credentials', async () => {
    const { posts } = await ask({ documents: { [FIRST]: settings('smtp.example.com') } });
    expect(posts[0]?.options.headers).toEqual({
      'content-type': 'text/xml; charset=utf-8',
      accept: 'text/xml',
    });
  });

  test('an answer is a secure statement', async () => {
    const { answers, all } = await ask({ documents: { [FIRST]: settings('smtp.example.com') } });
    expect(proposed(answers)).toEqual(['smtp.example.com:465/tls']);
    expect(all[0]).toMatchObject({ channel: 'https', detail: 'HTTP 200: smtp.example.com:465' });
  });

  const refusals: [string, Page, object][] = [
    ['401', 401, { outcome: 'nothing', detail: 'HTTP 401: it exists, and wants a login first' }],
    ['503', 503, { outcome: 'failed', temporary: true, reached: true }],
    ['a web page', '<html>', { outcome: 'nothing' }],
    ['a broken document', '<Autodiscover>', { outcome: 'failed', temporary: false }],
    ['settings without SMTP', reply(''), { outcome: 'nothing' }],
    ['unusable settings', settings('a b'), { outcome: 'failed', temporary: false }],
    [
      'a bad certificate',
      { kind: 'failed', reason: 'certificate', detail: 'x', reached: true } as Page,
      { outcome: 'failed', temporary: false },
    ],
    [
      'no such host',
      { kind: 'failed', reason: 'no-such-host', detail: 'x', reached: true } as Page,
      { outcome: 'nothing' },
    ],
  ];
  test.each(refusals)('%s', async (_, page, expected) => {
    expect((await ask({ documents: { [FIRST]: page } })).all[0]).toMatchObject(expected);
  });
});

describe('redirects of Autodiscover', () => {
  const NEXT = 'https://other.example/autodiscover.xml';
  const to = (url: string) =>
    reply(`<Action>redirectUrl</Action><RedirectUrl>${url}</RedirectUrl>`);
  const toAddress = (email: string) => reply(`<RedirectAddr>${email}</RedirectAddr>`);
  const other = (domain: string) => `https://autodiscover.${domain}/autodiscover/autodiscover.xml`;

  test('to a URL are followed', async () => {
    const { answers } = await ask({
      documents: { [FIRST]: to(NEXT), [NEXT]: settings('a.example') },
    });
    expect(proposed(answers)).toEqual(['a.example:465/tls']);
  });

  describe('to a URL of plain HTTP', () => {
    const CLEAR = 'http://other.example/autodiscover.xml';
    const methods = ({ requests }: Awaited<ReturnType<typeof ask>>, place: string) =>
      requests.filter(({ url }) => url === place).map(({ options }) => options.method ?? 'GET');
    const cases: [string, Page, object][] = [
      ['are followed to HTTPS', moved(NEXT, 401), { outcome: 'found', channel: 'http' }],
      ['end where there is no HTTPS', settings('evil.example'), { outcome: 'nothing' }],
      ['end where there is nothing', 404, { outcome: 'nothing' }],
      [
        'fail with the place',
        { kind: 'failed', reason: 'timeout', detail: 'x', reached: true },
        { outcome: 'failed', temporary: true },
      ],
    ];
    test.each(cases)('%s, by a GET alone', async (_, page, expected) => {
      for (const sendAddress of [false, true]) {
        const asking = await ask(
          { documents: { [FIRST]: to(CLEAR), [CLEAR]: page, [NEXT]: settings('a.example') } },
          { sendAddress },
        );
        expect(asking.all[0]).toMatchObject(expected);
        expect(methods(asking, CLEAR)).toEqual(['GET']);
      }
    });

    test('tell nobody the address', async () => {
      const back = 'https://x.example.com/autodiscover.xml';
      const { posts } = await ask(
        { documents: { [FIRST]: to(CLEAR), [CLEAR]: moved(back) } },
        { sendAddress: true },
      );
      const told = posts.filter(({ url }) => url === back);
      expect(told).toHaveLength(1);
      expect(told[0]?.options.body).not.toContain('you@');
    });

    test('are not followed in a circle', async () => {
      const { all } = await ask({
        documents: { [FIRST]: to(CLEAR), [CLEAR]: moved(NEXT), [NEXT]: to(CLEAR) },
      });
      expect(all[0]).toMatchObject({ detail: expect.stringContaining('circle') });
    });
  });

  test('in a circle or without end stop', async () => {
    const circle = await ask({ documents: { [FIRST]: to(NEXT), [NEXT]: to(FIRST) } });
    expect(circle.all[0]).toMatchObject({
      outcome: 'nothing',
      detail: expect.stringContaining('circle'),
    });
    const chain = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [
        `https://h${i}.example/`,
        to(`https://h${i + 1}.example/`),
      ]),
    );
    const { all, posts } = await ask({
      documents: { [FIRST]: to('https://h0.example/'), ...chain },
    });
    expect(all[0]).toMatchObject({
      outcome: 'nothing',
      detail: expect.stringContaining('too often'),
    });
    expect(posts.length).toBeLessThan(8);
  });

  test('to an address lead to its domain, twice at most', async () => {
    const documents = {
      [FIRST]: toAddress('you@b.example'),
      [other('b.example')]: toAddress('you@c.example'),
      [other('c.example')]: settings('smtp.c.example'),
    };
    expect(proposed((await ask({ documents })).answers)).toEqual(['smtp.c.example:465/tls']);
    const more = { ...documents, [other('c.example')]: toAddress('you@d.example') };
    const { all, asked } = await ask({ documents: more });
    expect(all[0]?.outcome).toBe('nothing');
    expect(asked).not.toContain(other('d.example'));
  });

  describe('to an address', () => {
    const root = 'https://b.example/autodiscover/autodiscover.xml';
    const clear = other('b.example').replace('https:', 'http:');
    const record = '_autodiscover._tcp.b.example SRV';
    const target = other('x').replace('autodiscover.x', 'x.example');
    const ways: [string, Paper, string][] = [
      [
        'its discovery host',
        { documents: { [other('b.example')]: settings('a.example') } },
        'https',
      ],
      ['the domain itself', { documents: { [root]: settings('a.example') } }, 'https'],
      [
        'plain HTTP',
        { documents: { [clear]: moved(NEXT, 405), [NEXT]: settings('a.example') } },
        'http',
      ],
      [
        'SRV',
        {
          zone: { [record]: [srvRecord('0 0 443 x.example')] },
          documents: { [target]: settings('a.example') },
        },
        'dns',
      ],
    ];
    test.each(ways)('begin anew at the other domain, by %s', async (_, paper, channel) => {
      const documents = { ...paper.documents, [FIRST]: toAddress('you@b.example') };
      const { all } = await ask({ ...paper, documents });
      expect(all[0]).toMatchObject({ outcome: 'found', channel });
    });

    test('ask each place once', async () => {
      const documents = { [FIRST]: toAddress('you@b.example'), [root]: toAddress('you@c.example') };
      const { posts } = await ask({ documents });
      const urls = posts.map(({ url }) => url).filter((url) => /[bc]\.example\//.test(url));
      expect(new Set(urls).size).toBe(urls.length);
    });

    const circles: [string, string][] = [
      ['its own domain', 'me@example.com'],
      ['its own domain in capitals', 'me@EXAMPLE.com'],
      ['one that leads back', 'you@b.example'],
      ['no domain', 'nobody'],
      ['a domain that is none', 'you@a b'],
    ];
    test.each(circles)('end at %s', async (_, email) => {
      const documents = {
        [FIRST]: toAddress(email),
        [other('b.example')]: toAddress('you@example.com'),
      };
      const { all, posts } = await ask({ documents });
      expect(all[0]).toMatchObject({ outcome: 'nothing' });
      expect(posts.length).toBeLessThan(6);
    });

    test('without end stop', async () => {
      let made = 0;
      const chain = new Proxy<Record<string, Page>>(
        {},
        { get: () => () => to(`https://h${made++}.example/`) },
      );
      const { posts } = await ask({ documents: chain, zone: {} });
      expect(posts.length).toBeLessThan(50);
    });

    test('leave what the own domain says its user names', async () => {
      const login = settings('smtp.example.com').replace(
        '</Port>',
        '</Port><LoginName>postmaster</LoginName>',
      );
      const at = (host: string) => other('x').replace('autodiscover.x', host);
      const { all } = await ask({
        zone: { [SRV]: ['0 0 443 a.example', '1 0 443 z.example'].map(srvRecord) },
        documents: { [at('a.example')]: toAddress('you@b.example'), [at('z.example')]: login },
      });
      expect(all[3]).toMatchObject({ statements: [{ username: '%EMAILLOCALPART%' }] });
    });
  });

  test('to an address leave the user name open, which is not of the own one', async () => {
    const login = (name: string) =>
      settings('smtp.b.example').replace('</Port>', `</Port><LoginName>${name}</LoginName>`);
    for (const name of ['postmaster@b.example', 'postmaster', 'you', 'you@example.com', 'u1']) {
      for (const sendAddress of [false, true]) {
        const { all } = await ask(
          {
            documents: {
              [FIRST]: toAddress('you@b.example'),
              [other('b.example')]: login(name),
              [SECOND]: login('postmaster@example.com'),
            },
          },
          { sendAddress },
        );
        expect(all[0]).toMatchObject({ statements: [{ username: null }] });
      }
    }
  });

  test('of HTTP, which make a GET of a POST, are asked again where they led', async () => {
    const pages = [moved(NEXT, 405)];
    const documents = { [FIRST]: () => pages.shift() ?? 404, [NEXT]: settings('a.example') };
    expect(proposed((await ask({ documents })).answers)).toEqual(['a.example:465/tls']);
  });

  test('from plain HTTP are followed to HTTPS, and stay insecure', async () => {
    const { all, requests } = await ask({
      documents: { [PLAIN]: moved(NEXT, 401), [NEXT]: settings('a.example') },
    });
    expect(all[2]).toMatchObject({ outcome: 'found', channel: 'http' });
    expect(requests.find(({ url }) => url === PLAIN)?.options.body).toBeUndefined();
  });
});

describe('Autodiscover by SRV', () => {
  test('at a port where no web server may be is a failure that stays', async () => {
    const unusable = {
      kind: 'failed',
      reason: 'protocol',
      detail: 'no web address',
      reached: false,
    } as const;
    const { all } = await ask({
      zone: { [SRV]: [srvRecord('0 0 587 a.example')] },
      documents: { 'https://a.example:587/autodiscover/autodiscover.xml': unusable as Page },
    });
    expect(all[3]).toMatchObject({ outcome: 'failed', temporary: false });
  });

  const url = (host: string) => `https://${host}/autodiscover/autodiscover.xml`;

  test('goes by priority and then weight, and names the port unless it is 443', async () => {
    const zone = {
      [SRV]: ['10 0 443 c.example', '0 1 443 b.example', '0 5 8443 a.example'].map(srvRecord),
    };
    const { asked } = await ask({ zone });
    const tried = asked.filter((question) => /\/\/[abc]\.example/.test(question));
    expect(tried).toEqual([url('a.example:8443'), url('b.example'), url('c.example')]);
  });

  test('is in the same order, however the records arrive', async () => {
    const records = ['0 0 8443 a.example', '0 0 443 a.example', '5 0 443 c.example'];
    for (const arrived of [records, records.toReversed()]) {
      const { asked } = await ask({ zone: { [SRV]: arrived.map(srvRecord) } });
      const tried = asked.filter((question) => /\/\/[ac]\.example/.test(question));
      expect(tried).toEqual([url('a.example'), url('a.example:8443'), url('c.example')]);
    }
  });

  test('is as secure as the record', async () => {
    const documents = { [url('a.example')]: settings('smtp.a.example') };
    const record = srvRecord('0 0 443 a.example');
    const plain = await ask({ zone: { [SRV]: [record] }, documents });
    expect(plain.all[3]).toMatchObject({
      outcome: 'found',
      channel: 'dns',
      from: `${SRV}, ${url('a.example')}`,
    });
    const validated = await ask({ zone: { [SRV]: authentic<'SRV'>([record]) }, documents });
    expect(validated.all[3]).toMatchObject({ channel: 'https' });
  });

  test('may be denied, or fail', async () => {
    expect((await ask({ zone: { [SRV]: [srvRecord('0 0 0 .')] } })).all[3]).toMatchObject({
      outcome: 'nothing',
    });
    expect((await ask({ zone: { [SRV]: dnsFailure } })).all[3]).toMatchObject({
      outcome: 'failed',
      reached: false,
    });
  });
});

describe('the address', () => {
  const bodies = (posts: { options: { body?: string } }[]) =>
    posts.map(({ options }) => options.body ?? '');

  test('is told to nobody unless the user sends it', async () => {
    const { posts } = await ask({ documents: { [PLAIN]: moved('https://x.example/') } });
    expect(posts).toHaveLength(3);
    for (const body of bodies(posts)) {
      expect(body).toContain(`<EMailAddress>postmaster@example.com</EMailAddress>`);
      expect(body).not.toContain('you@');
    }
  });

  test('goes to the own domain over HTTPS when the user sends it, and to no one else', async () => {
    const next = 'https://other.example/a';
    const { posts } = await ask(
      {
        documents: {
          [FIRST]: reply(`<RedirectUrl>${next}</RedirectUrl>`),
          [SECOND]: reply('<RedirectAddr>you@b.example</RedirectAddr>'),
          [PLAIN]: moved('https://x.example.com/'),
        },
        zone: { [SRV]: ['0 0 443 sub.example.com', '1 0 443 foreign.example'].map(srvRecord) },
      },
      { sendAddress: true },
    );
    const told = posts.filter(({ options }) => options.body?.includes('you@example.com'));
    expect(told.map(({ url }) => new URL(url).host)).toEqual([
      'autodiscover.example.com',
      'example.com',
      'sub.example.com',
    ]);
    expect(bodies(posts).join()).not.toContain('you@b.example');
  });

  test('of a parent domain’s question is the stand-in', async () => {
    const { posts } = await ask(
      {},
      { query: 'you@dept.example.com', about: 'example.com', kind: 'parent', sendAddress: true },
    );
    expect(bodies(posts).join()).toContain('postmaster@example.com');
    expect(bodies(posts).join()).not.toContain('you@');
  });

  const unknown =
    "<Autodiscover><Response><Error><ErrorCode>500</ErrorCode><Message>The email address can't be found.</Message></Error></Response></Autodiscover>";
  test('is hinted at where a server does not know the stand-in', async () => {
    const documents = { [FIRST]: unknown };
    expect(warningCodes((await ask({ documents })).answers)).toEqual(['address-wanted']);
    expect(warningCodes((await ask({ documents }, { sendAddress: true })).answers)).toEqual([]);
  });
});
