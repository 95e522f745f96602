import { describe, expect, test } from 'vitest';
import { mailconf } from '../../src/sources/mailconf.ts';
import {
  askSource,
  authentic,
  dnsFailure,
  type Page,
  paperNetwork,
  proposed,
} from './paper-network.ts';

const A = 'https://conf.example.net/a.xml';
const B = 'https://conf.example.net/b.xml';
const config = (host: string) =>
  `<clientConfig><outgoingServer type="smtp"><hostname>${host}</hostname><port>465</port><socketType>SSL</socketType></outgoingServer></clientConfig>`;

async function ask(txt: readonly string[] | object, documents: Record<string, Page> = {}) {
  const network = paperNetwork({ zone: { 'example.com TXT': txt }, documents });
  const answers = await askSource(mailconf, network, { sendAddress: true });
  return { answer: [...answers.values()][0], proposed: proposed(answers), asked: network.asked };
}

describe('mailconf', () => {
  test('names the document', async () => {
    const { answer, proposed } = await ask(['v=spf1 -all', `mailconf=${A}`], {
      [A]: config('smtp.%EMAILDOMAIN%'),
    });
    expect(proposed).toEqual(['smtp.example.com:465/tls']);
    expect(answer).toMatchObject({ channel: 'dns', from: `example.com TXT mailconf=${A}` });
  });

  test('is as secure as the record', async () => {
    const { answer } = await ask(authentic<'TXT'>([`mailconf=${A}`]), { [A]: config('a.example') });
    expect(answer).toMatchObject({ channel: 'https' });
  });

  const others: [string, string[], string[]][] = [
    ['no record is nothing', ['v=spf1 -all'], ['example.com TXT']],
    [
      'bad records are passed over',
      ['mailconf=', 'mailconf=x y', 'mailconf=ftp://a/', 'xmailconf=https://a/'],
      ['example.com TXT'],
    ],
    ['plain HTTP is not followed', ['mailconf=http://conf.example.net/'], ['example.com TXT']],
    ['case and spaces do not matter', [` MailConf = ${A} `], ['example.com TXT', A]],
    [
      'several are asked in a fixed order',
      [`mailconf=${B}`, `mailconf=${A}`, `mailconf=${B}`],
      ['example.com TXT', A, B],
    ],
  ];
  test.each(others)('%s', async (_, txt, asked) => {
    const result = await ask(txt);
    expect(result.asked).toEqual(asked);
    expect(result.answer?.outcome).toBe('nothing');
  });

  test('a host of the domain that wants an address is asked about postmaster', async () => {
    const own = 'https://conf.example.com/a.xml';
    const about = `${own}?emailaddress=postmaster%40example.com`;
    const { proposed } = await ask([`mailconf=${own}`], {
      [own]: 400,
      [about]: config('b.example'),
    });
    expect(proposed).toEqual(['b.example:465/tls']);
    for (const url of [A, `${own}?d=example.com`]) {
      expect((await ask([`mailconf=${url}`], { [url]: 400 })).asked).toEqual([
        'example.com TXT',
        url,
      ]);
    }
  });

  test('of several, one that works is enough', async () => {
    const { proposed } = await ask([`mailconf=${A}`, `mailconf=${B}`], {
      [A]: 503,
      [B]: config('b.example'),
    });
    expect(proposed).toEqual(['b.example:465/tls']);
  });

  test('a document in trouble, and a failed lookup, are failures', async () => {
    expect((await ask([`mailconf=${A}`], { [A]: 503 })).answer).toMatchObject({
      outcome: 'failed',
      temporary: true,
      reached: true,
    });
    expect((await ask(dnsFailure)).answer).toMatchObject({
      outcome: 'failed',
      temporary: true,
      reached: false,
    });
  });
});
