import { beforeAll, describe, expect, it } from 'vitest';
import { loadDirectory, type ProviderDirectory } from '../../src/providers/directory.ts';
import { type DkimAnswer, providersNamed } from '../../src/providers/mail-records.ts';

let directory: ProviderDirectory;

beforeAll(async () => {
  directory = await loadDirectory();
});

function named(spf: readonly string[], dkim: readonly DkimAnswer[] = []): string[] {
  return providersNamed(directory, { spf, dkim })
    .map(({ id }) => id)
    .sort();
}

function cname(selector: string, target: string): DkimAnswer {
  return { selector, target, text: null };
}

function key(selector: string, text = 'v=DKIM1; k=rsa; p=MIIB'): DkimAnswer {
  return { selector, target: null, text };
}

const microsoft = cname('selector1', 'selector1-x._domainkey.x.onmicrosoft.com');

describe('the mailbox providers that SPF and DKIM name', () => {
  it.each<[string, string[], DkimAnswer[], string[]]>([
    ['nobody', [], [], []],
    ['one by SPF', ['spf.protection.outlook.com'], [], ['microsoft-365']],
    ['one by DKIM', [], [microsoft], ['microsoft-365']],
    ['one by both', ['spf.protection.outlook.com'], [microsoft], ['microsoft-365']],
    [
      'one among senders and filters',
      ['sendgrid.net', 'eu._netblocks.mimecast.com', '_spf.google.com', 'servers.mcsv.net'],
      [],
      ['google-workspace'],
    ],
    ['nobody among senders alone', ['sendgrid.net', 'amazonses.com'], [], []],
    [
      'two by SPF',
      ['_spf.google.com', 'spf.protection.outlook.com'],
      [],
      ['google-workspace', 'microsoft-365'],
    ],
    ['two by one each', ['_spf.google.com'], [microsoft], ['google-workspace', 'microsoft-365']],
    ['a key that was withdrawn', [], [key('google', 'v=DKIM1; k=rsa; p=')], []],
    ['a key without a version', [], [key('google', 'k=rsa;p=MIIB')], ['google-workspace']],
    ['a text that is no key', [], [key('google', 'hello')], []],
    ['an answer without a record', [], [{ selector: 'google', target: null, text: null }], []],
    ['a region by SPF where DKIM leaves it open', ['zohomail.eu'], [key('zmail')], ['zoho-eu']],
    ['two regions', ['zoho.com', 'zoho.eu'], [key('zmail')], ['zoho', 'zoho-eu']],
    [
      'a region by one record, all by another',
      ['_spf-us.ionos.com', '_spf.perfora.net'],
      [cname('s1-ionos', 's1.dkim.ionos.com')],
      ['ionos'],
    ],
    [
      'the regions that all leave open',
      ['_spf-eu.ionos.com'],
      [cname('s1-ionos', 's1.dkim.ionos.com')],
      ['ionos-de', 'ionos-es', 'ionos-fr', 'ionos-it', 'ionos-uk'],
    ],
    ['a reseller with its supplier', ['secureserver.net'], [microsoft], ['microsoft-365']],
    ['a reseller without', ['secureserver.net'], [], ['godaddy', 'microsoft-365']],
  ])('%s', (_, spf, dkim, expected) => {
    expect(named(spf, dkim)).toEqual(expected);
  });
});
