import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { readOurFiles } from '../../scripts/providers/ours.ts';
import { loadDirectory, type ProviderDirectory } from '../../src/providers/directory.ts';
import { nameIndex } from '../../src/providers/names.ts';

const providers = readOurFiles().map(({ provider }) => provider);

let directory: ProviderDirectory;

beforeAll(async () => {
  directory = await loadDirectory();
});

const ids = (name: string): string[] => directory.byName(name).map(({ id }) => id);

const families = new Map<string, string[]>();
for (const { id, family } of providers) {
  if (family !== undefined) families.set(family, [...(families.get(family) ?? []), id]);
}

describe('what people call a provider', () => {
  it.each([
    [' Gmail ', 'gmail'],
    ['Google Mail', 'gmail'],
    ['gmail.com', 'gmail'],
    ['GoogleMail.com.', 'gmail'],
    ['smtp.gmail.com', 'gmail'],
    ['g suite', 'google-workspace'],
    ['G-Suite', 'google-workspace'],
    ['Google Apps', 'google-workspace'],
    ['Google Workspace', 'google-workspace'],
    ['Office365', 'microsoft-365'],
    ['office 365', 'microsoft-365'],
    ['Microsoft Office 365', 'microsoft-365'],
    ['O365', 'microsoft-365'],
    ['M365', 'microsoft-365'],
    ['Exchange Online', 'microsoft-365'],
    ['smtp.office365.com', 'microsoft-365'],
    ['contoso.onmicrosoft.com', 'microsoft-365'],
    ['Hotmail', 'outlook'],
    ['hotmail.co.uk', 'outlook'],
    ['live', 'outlook'],
    ['MSN', 'outlook'],
    ['Outlook.com', 'outlook'],
    ['GMX', 'gmx'],
    ['GMX Mail', 'gmx'],
    ['gmx.de', 'gmx'],
    ['gmx.com', 'gmx-com'],
    ['web de', 'web.de'],
    ['WEB.DE', 'web.de'],
    ['T-Online', 't-online'],
    ['t online', 't-online'],
    ['Deutsche Telekom', 't-online'],
    ['Yahoo! Mail', 'yahoo'],
    ['Yahoo! Japan Mail', 'yahoo-japan'],
    ['smtp.mail.yahoo.com', 'yahoo'],
    ['at&t', 'att'],
    ['AT&T Mail', 'att'],
    ['AT and T', 'att'],
    ['sbcglobal', 'att'],
    ['Bell South', 'att'],
    ['pacbell.net', 'att'],
    ['Xfinity', 'comcast'],
    ['Comcast', 'comcast'],
    ['Spectrum', 'charter'],
    ['Road Runner', 'twc'],
    ['Time Warner Cable', 'twc'],
    ['Orange', 'orange'],
    ['wanadoo', 'orange'],
    ['1und1', 'ionos-de'],
    ['1 und 1', 'ionos-de'],
    ['Strato', 'strato'],
    ['Mail.ru', 'mail.ru'],
    ['mail com', 'mail.com'],
    ['M-net', 'mnet'],
    ['ProtonMail', 'proton'],
    ['Proton Mail', 'proton'],
    ['Tuta', 'tutanota'],
    ['iCloud', 'icloud'],
    ['me.com', 'icloud'],
    ['Cesky Hosting', 'cesky-hosting'],
    ['Český hosting', 'cesky-hosting'],
    ['ＧＭＡＩＬ', 'gmail'],
    ['SendGrid', 'sendgrid'],
    ['aws ses eu-west-1', 'ses-eu-west-1'],
    ['Twilio SendGrid', 'sendgrid'],
    ['Mailchimp Transactional', 'mandrill'],
    ['Mandrill', 'mandrill'],
    ['sendinblue', 'brevo'],
    ['brevo', 'brevo'],
    ['pepipost', 'pepipost'],
    ['Postmark', 'postmark'],
    ['resend', 'resend'],
    ['zeptomail', 'zeptomail'],
    ['mailgun-eu', 'mailgun-eu'],
    ['Mailgun', 'mailgun'],
    ['zoho', 'zoho'],
    ['zoho.eu', 'zoho-eu'],
    ['IONOS', 'ionos'],
    ['ses-eu-west-1', 'ses-eu-west-1'],
    ['Amazon SES (Ireland)', 'ses-eu-west-1'],
    ['email-smtp.eu-west-1.amazonaws.com', 'ses-eu-west-1'],
  ])('%s is %s', (name, id) => {
    expect(ids(name)).toEqual([id]);
  });

  it.each(['', ' ', '!!!', '&', 'nosuchprovider', 'mail', 'you@gmail.com', '127.0.0.1', 'com'])(
    '%j is nobody',
    (name) => {
      expect(ids(name)).toEqual([]);
    },
  );
});

describe('a service with a server for each region', () => {
  it.each([
    ['Amazon SES', 'Amazon SES'],
    ['amazon-ses', 'Amazon SES'],
    ['SES', 'Amazon SES'],
    ['AWS', 'Amazon SES'],
    ['Amazon WorkMail', 'Amazon WorkMail'],
    ['workmail', 'Amazon WorkMail'],
    ['Zoho Mail', 'Zoho Mail'],
    ['zohomail', 'Zoho Mail'],
    ['Zoho ZeptoMail', 'Zoho ZeptoMail'],
    ['1&1', 'IONOS'],
    ['1and1', 'IONOS'],
    ['oxcloud', 'OX Cloud'],
  ])('%s is all of %s', (name, family) => {
    expect(ids(name)).toEqual(families.get(family));
  });

  it('may be narrowed down', () => {
    expect(ids('ses us')).toContain('ses-us-east-1');
    expect(ids('ses us')).not.toContain('ses-eu-west-1');
    expect(ids('SES eu-west')).toEqual(['ses-eu-west-1', 'ses-eu-west-2', 'ses-eu-west-3']);
  });

  it.each([...families])('%s consists of several', (_, members) => {
    expect(members.length).toBeGreaterThan(1);
  });
});

describe('every provider of the database', () => {
  it('is found by its id, however it is spelled', () => {
    const spelling = fc.constantFrom('', ' ', '-', '.', '_', '!');
    fc.assert(
      fc.property(fc.constantFrom(...providers), spelling, fc.boolean(), ({ id }, mark, upper) => {
        const spelled = id.replaceAll(/[.-]/g, mark);
        expect(ids(upper ? spelled.toUpperCase() : spelled)).toEqual([id]);
      }),
    );
  });

  it('is found by its id, its name and its aliases', () => {
    for (const { id, name, aliases = [], family } of providers) {
      for (const text of [id, ...aliases]) expect(ids(text), text).toEqual([id]);
      if (name === family) expect(ids(name)).toContain(id);
      else expect(ids(name), name).toEqual([id]);
    }
  });

  it('is found by each of its domains', () => {
    for (const { id, domains } of providers) {
      for (const domain of domains) expect(ids(domain), domain).toEqual([id]);
    }
  });

  it('is found by its servers, or their owner is', () => {
    const users = new Map<string, Set<string>>();
    for (const { id, servers } of providers) {
      for (const { host } of servers) users.set(host, (users.get(host) ?? new Set()).add(id));
    }
    for (const [host, known] of users) {
      if (host.includes('%') || host === '127.0.0.1') continue;
      const owners = providers.filter(({ id, domains }) =>
        domains.some((domain) => known.has(id) && host.endsWith(`.${domain}`)),
      );
      const expected =
        known.size > 1 && owners.length > 0 ? owners.map(({ id }) => id) : [...known];
      expect(ids(host), host).toEqual(expected);
    }
  });
});

describe('a name that two providers bear', () => {
  const named = (id: string, name: string, more = {}) => ({
    id,
    name,
    aliases: [],
    family: '',
    ...more,
  });
  const index = nameIndex([
    named('acme', 'Acme Mail'),
    named('acme-mail.example', 'Post'),
    named('other', 'A.C.M.E. mail'),
    named('third', 'Third', { aliases: ['post'] }),
    named('fourth', 'Fourth', { aliases: ['po-st'] }),
  ]);

  it('is that of the id, then of the name, then of the alias', () => {
    expect(index.called('acme')).toEqual([0]);
    expect(index.called('post')).toEqual([1]);
    expect(index.called('po-st')).toEqual([4]);
  });

  it('is that of the one who writes it so', () => {
    expect(index.called('acme mail')).toEqual([0]);
    expect(index.called('a.c.m.e. mail')).toEqual([2]);
  });

  it('is both else', () => {
    expect(index.called('acme-mail')).toEqual([0, 2]);
  });
});

describe('what else may have been meant', () => {
  it.each([
    ['gmial', 'gmail'],
    ['ses-eu-wset-1', 'ses-eu-west-1'],
    ['sendgird', 'sendgrid'],
    ['Offce 365', 'microsoft-365'],
    ['Yaho Mail', 'yahoo'],
  ])('%s is close to %s', (name, id) => {
    expect(directory.suggestions(name)[0]).toBe(id);
  });

  it('is nothing where nothing is close', () => {
    expect(directory.suggestions('qqqqqqqqqqqqqqqq')).toEqual([]);
  });
});
