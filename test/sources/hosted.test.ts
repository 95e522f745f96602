/** Who keeps the mailboxes, where the mail exchanger's own name does not tell. */
import { describe, expect, test } from 'vitest';
import { autoconfig } from '../../src/sources/autoconfig.ts';
import { autodiscover } from '../../src/sources/autodiscover.ts';
import { mailRecords } from '../../src/sources/mail-records.ts';
import { mxProvider } from '../../src/sources/mx-provider.ts';
import type { Source } from '../../src/sources/source.ts';
import {
  askSource,
  authentic,
  dnsFailure,
  mxRecord,
  paperNetwork,
  proposed,
  warningCodes,
} from './paper-network.ts';
import { directory } from './providers.ts';

type Records = Readonly<Record<string, readonly unknown[] | object>>;

const BIG = ['smtp.bigmail.example:465/tls', 'smtp.bigmail.example:587/starttls'];
const BOX = ['mail.example.com:587/starttls'];

async function ask(source: Source, zone: Records) {
  const answers = await askSource(source, paperNetwork({ zone }), { providers: directory });
  return {
    answers: [...answers.values()],
    proposed: proposed(answers),
    codes: warningCodes(answers),
  };
}

describe('a name that is an alias of a provider', () => {
  const mx = { 'example.com MX': [mxRecord('10 mx.example.com')] };
  const cases: [string, Source, Records, string[]][] = [
    ['MX', mxProvider, { ...mx, 'mx.example.com CNAME': ['a.mx.bigmail.example'] }, BIG],
    [
      'MX, over two steps',
      mxProvider,
      {
        ...mx,
        'mx.example.com CNAME': ['mail.elsewhere.example'],
        'mail.elsewhere.example CNAME': ['a.mx.bigmail.example'],
      },
      BIG,
    ],
    ['MX of a filter', mxProvider, { ...mx, 'mx.example.com CNAME': ['in.filter.example'] }, []],
    ['MX in a circle', mxProvider, { ...mx, 'mx.example.com CNAME': ['mx.example.com'] }, []],
    [
      'autoconfig',
      autoconfig,
      { 'autoconfig.example.com CNAME': ['x.bigmail.discovery.example'] },
      BIG,
    ],
    [
      'autodiscover',
      autodiscover,
      { 'autodiscover.example.com CNAME': ['x.bigmail.discovery.example'] },
      BIG,
    ],
    ['no provider', autoconfig, { 'autoconfig.example.com CNAME': ['www.example.net'] }, []],
    ['nothing', autodiscover, {}, []],
  ];
  test.each(cases)('%s', async (_, source, zone, expected) => {
    expect((await ask(source, zone)).proposed).toEqual(expected);
  });

  test('a look-up that fails leaves the question open', async () => {
    const { answers } = await ask(mxProvider, { ...mx, 'mx.example.com CNAME': dnsFailure });
    expect(answers.at(-1)).toMatchObject({ outcome: 'failed', temporary: true });
  });

  test('the way is as safe as its records', async () => {
    const plain = { ...mx, 'mx.example.com CNAME': ['a.mx.bigmail.example'] };
    expect((await ask(mxProvider, plain)).answers.at(-1)).toMatchObject({ channel: 'dns' });
    const signed = {
      'example.com MX': authentic([mxRecord('10 mx.example.com')]),
      'mx.example.com CNAME': authentic(['a.mx.bigmail.example']),
    };
    expect((await ask(mxProvider, signed)).answers.at(-1)).toMatchObject({ channel: 'dnssec' });
  });
});

describe('SPF and DKIM records', () => {
  const behindFilter = { 'example.com MX': [mxRecord('10 in.filter.example')] };
  const ownServer = { 'example.com MX': [mxRecord('10 mx.example.com')] };
  const spf = (...terms: string[]): Records => ({
    'example.com TXT': ['site-verification=x', `v=spf1 ${terms.join(' ')} -all`],
  });
  const signed = (id: string): Records => ({
    'selector1._domainkey.example.com CNAME': [`key.${id}.example`],
  });
  const direct = { 'direct._domainkey.example.com TXT': ['v=DKIM1; p=MIGf'] };
  const cases: [string, Records, string[], string[]][] = [
    [
      'SPF behind a filter',
      { ...behindFilter, ...spf('include:_spf.bigmail.example') },
      BIG,
      ['inferred-provider'],
    ],
    [
      'SPF of an own server',
      { ...ownServer, ...spf('include:_spf.bigmail.example') },
      BIG,
      ['inferred-provider'],
    ],
    [
      'SPF by redirect',
      { ...behindFilter, ...spf('redirect=_spf.bigmail.example') },
      BIG,
      ['inferred-provider'],
    ],
    [
      'capital letters, and a qualifier',
      { ...behindFilter, ...spf('?INCLUDE:_SPF.BigMail.Example') },
      BIG,
      ['inferred-provider'],
    ],
    [
      'what is forbidden to send',
      { ...behindFilter, ...spf('-include:_spf.bigmail.example') },
      [],
      [],
    ],
    ['macros', { ...behindFilter, ...spf('include:%{i}._spf.bigmail.example') }, [], []],
    ['strangers only', { ...behindFilter, ...spf('include:_spf.news.example', 'a', 'mx') }, [], []],
    ['DKIM by alias', { ...behindFilter, ...signed('bigmail') }, BIG, ['inferred-provider']],
    ['DKIM in the domain', { ...behindFilter, ...direct }, BOX, ['inferred-provider']],
    [
      'a key that was withdrawn',
      { ...behindFilter, 'direct._domainkey.example.com TXT': ['v=DKIM1; p='] },
      [],
      [],
    ],
    [
      'both of one provider',
      { ...behindFilter, ...spf('include:_spf.bigmail.example'), ...signed('bigmail') },
      BIG,
      ['inferred-provider'],
    ],
    [
      'two providers: none is inferred',
      { ...behindFilter, ...spf('include:_spf.bigmail.example'), ...signed('hostbox') },
      [],
      ['inferred-provider'],
    ],
    [
      'two SPF records, of which none counts',
      {
        ...behindFilter,
        'example.com TXT': ['v=spf1 include:_spf.bigmail.example -all', 'v=spf1 -all'],
      },
      [],
      [],
    ],
    [
      'a provider without submission',
      { ...behindFilter, ...spf('include:_spf.closed.example') },
      [],
      [],
    ],
    [
      'a mail exchanger that tells',
      {
        'example.com MX': [mxRecord('10 a.mx.bigmail.example')],
        ...spf('include:_spf.hostbox.example'),
      },
      [],
      [],
    ],
    ['no mail exchanger', spf('include:_spf.bigmail.example'), [], []],
  ];
  test.each(cases)('%s', async (_, zone, expected, codes) => {
    const found = await ask(mailRecords, zone);
    expect(found.proposed).toEqual(expected);
    expect(found.codes).toEqual(codes);
  });

  test('that name two are both named', async () => {
    const zone = { ...behindFilter, ...spf('include:_spf.bigmail.example'), ...signed('hostbox') };
    const [answer] = (await ask(mailRecords, zone)).answers;
    expect(answer?.warnings?.[0]?.message).toMatch(/Big Mail.*Host Box/);
  });

  test('that could not all be had leave the question open', async () => {
    const [lost] = (await ask(mailRecords, { ...behindFilter, 'example.com TXT': dnsFailure }))
      .answers;
    expect(lost).toMatchObject({ outcome: 'failed', temporary: true });
    const half = { ...behindFilter, 'example.com TXT': dnsFailure, ...signed('bigmail') };
    expect((await ask(mailRecords, half)).answers[0]).toMatchObject({
      outcome: 'found',
      incomplete: true,
    });
  });
});
