import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadDirectory, type ProviderDirectory } from '../../src/providers/directory.ts';
import { sameService } from '../../src/providers/same-service.ts';

let directory: ProviderDirectory;

beforeAll(async () => {
  directory = await loadDirectory();
});

/** The best server of what a domain's provider says, in one line. */
function answer(domain: string): string {
  const provider = directory.byDomain(domain);
  if (provider === null) return 'unknown';
  const [best] = provider.servers;
  const server = best ? `${best.host}:${best.port}/${best.encryption}` : 'no server';
  return `${provider.name}: ${server}`;
}

function codes(domain: string): string[] {
  return directory.byDomain(domain)?.notes.map((note) => note.code) ?? [];
}

describe('the answer for a domain', () => {
  it.each([
    ['gmail.com', 'Gmail: smtp.gmail.com:465/tls'],
    ['outlook.com', 'Outlook.com: smtp-mail.outlook.com:587/starttls'],
    ['hotmail.co.uk', 'Outlook.com: smtp-mail.outlook.com:587/starttls'],
    ['contoso.onmicrosoft.com', 'Microsoft 365: smtp.office365.com:587/starttls'],
    ['yahoo.com', 'Yahoo Mail: smtp.mail.yahoo.com:465/tls'],
    ['yahoo.com.br', 'Yahoo Mail: smtp.mail.yahoo.com:465/tls'],
    ['yahoo.co.jp', 'Yahoo! JAPAN Mail: smtp.mail.yahoo.co.jp:465/tls'],
    ['gmx.de', 'GMX: mail.gmx.net:465/tls'],
    ['proton.me', 'Proton Mail: 127.0.0.1:1025/starttls'],
    ['tutanota.com', 'Tuta Mail: no server'],
    ['hey.com', 'HEY: no server'],
    ['qq.com', 'QQ Mail: smtp.qq.com:465/tls'],
    ['mail.ru', 'Mail.ru: smtp.mail.ru:465/tls'],
    ['verizon.net', 'Verizon (AOL Mail): smtp.aol.com:465/tls'],
    ['cox.net', 'Cox (Yahoo Mail): smtp.mail.yahoo.com:465/tls'],
    ['xs4all.nl', 'KPN: smtp.kpnmail.nl:465/tls'],
    ['icloud.com', 'iCloud Mail: smtp.mail.me.com:587/starttls'],
    ['fastmail.com', 'Fastmail: smtp.fastmail.com:465/tls'],
    ['amber.plala.or.jp', 'Plala: secure.plala.or.jp:465/tls'],
    ['telus.net', 'TELUS: smtp.gmail.com:465/tls'],
    ['duck.com', 'DuckDuckGo Email Protection: no server'],
    ['mask.mozmail.com', 'Firefox Relay: no server'],
    [
      'contoso.partner.onmschina.cn',
      'Microsoft 365 operated by 21Vianet: smtp.partner.outlook.cn:587/starttls',
    ],
    ['nosuchprovider.example', 'unknown'],
  ])('%s is %s', (domain, expected) => {
    expect(answer(domain)).toBe(expected);
  });

  it('names only mechanisms that a client may use', () => {
    expect(directory.byDomain('outlook.com')?.servers[0]?.auth).toEqual(['XOAUTH2']);
    expect(directory.byDomain('gmail.com')?.servers[0]?.auth).toContain('PLAIN');
  });

  it('says what a host and a port cannot', () => {
    expect(codes('outlook.com')).toContain('oauth2-only');
    expect(codes('gmail.com')).toContain('app-password');
    expect(codes('proton.me')).toContain('bridge-required');
    expect(codes('tutanota.com')).toEqual(['no-submission']);
    expect(codes('duck.com')).toEqual(['no-submission']);
    expect(codes('virginmedia.com')).toContain('app-password');
    expect(codes('mail.com')).toEqual(expect.arrayContaining(['paid-plan', 'enable-smtp-access']));
    expect(codes('nifty.com')).toEqual([]);
    expect(codes('tiscali.cz')).toContain('plaintext-only');
  });

  it('covers subdomains only where the provider says so', () => {
    expect(directory.byDomain('user.plus.com')?.id).toBe('plusnet');
    expect(directory.byDomain('mail.gmail.com')).toBeNull();
    expect(directory.byDomain('cs.asu.edu')).toBeNull();
  });

  it('does not depend on case, a trailing dot or the script', () => {
    expect(directory.byDomain('GMail.COM.')?.id).toBe('gmail');
    expect(directory.byDomain('ｇｍａｉｌ.com')?.id).toBe('gmail');
    expect(directory.byDomain('gmaíl.com')).toBeNull();
  });
});

describe('what a mail exchanger proves', () => {
  it.each([
    ['aspmx.l.google.com', 'google-workspace', 'mailbox'],
    ['ALT4.ASPMX.L.GOOGLE.COM.', 'google-workspace', 'mailbox'],
    ['smtp.google.com', 'google-workspace', 'mailbox'],
    ['gmail-smtp-in.l.google.com', 'gmail', 'mailbox'],
    ['contoso-com.mail.protection.outlook.com', 'microsoft-365', 'mailbox'],
    ['contoso-com.a-v1.mx.microsoft', 'microsoft-365', 'mailbox'],
    ['outlook-com.olc.protection.outlook.com', 'outlook', 'mailbox'],
    ['mx2.zoho.eu', 'zoho-eu', 'mailbox'],
    ['in1-smtp.messagingengine.com', 'fastmail', 'mailbox'],
    ['mailsec.protonmail.ch', 'proton', 'mailbox'],
    ['mx01.mail.icloud.com', 'icloud', 'mailbox'],
    ['mx.yandex.net', 'yandex', 'mailbox'],
    ['mx00.ionos.de', 'ionos-de', 'mailbox'],
    ['mx1.mail.ovh.net', 'ovh', 'mailbox'],
    ['spool.mail.gandi.net', 'gandi', 'mailbox'],
    ['mx1.emailsrvr.com', 'rackspace', 'mailbox'],
    ['smtp.secureserver.net', 'godaddy', 'mailbox'],
    ['mx1.privateemail.com', 'namecheap', 'mailbox'],
    ['mx1.hostinger.com', 'hostinger', 'mailbox'],
    ['mxext1.mailbox.org', 'mailbox.org', 'mailbox'],
    ['mxbiz1.qq.com', 'tencent-exmail', 'mailbox'],
    ['163mx01.mxmail.netease.com', '163', 'mailbox'],
    ['hzmx01.mxmail.netease.com', 'netease-qiye', 'mailbox'],
    ['vip163mx01.mxmail.netease.com', '163-vip', 'mailbox'],
    ['mx1.mail.ovh.ca', 'ovh-ca', 'mailbox'],
    ['mx1.beget.com', 'beget', 'mailbox'],
    ['mx00.perfora.net', 'ionos', 'mailbox'],
    ['redirect.ovh.net', 'ovh', 'gateway'],
    ['gmr-smtp-in.l.google.com', 'google-domains', 'gateway'],
    ['alt1.gmr-smtp-in.l.google.com', 'google-domains', 'gateway'],
    ['mailstream-east.mxrecord.io', 'mxrecord', 'gateway'],
    ['mxa.global.inbound.cf-emailsecurity.net', 'mxrecord', 'gateway'],
    ['mx1.alias.proton.me', 'simplelogin', 'gateway'],
    ['example.in.tmes-anz.trendmicro.com', 'trendmicro-email', 'gateway'],
    ['frf-mailrelay.att.net', 'att', 'gateway'],
    ['mx1-us1.ppe-hosted.com', 'proofpoint', 'gateway'],
    ['us-smtp-inbound-1.mimecast.com', 'mimecast', 'gateway'],
    ['d1.ess.barracudanetworks.com', 'barracuda', 'gateway'],
    ['mx1.improvmx.com', 'improvmx', 'gateway'],
    ['mx1.forwardemail.net', 'forwardemail', 'gateway'],
    ['mx-mibc-fr-08.mailinblack.com', 'mailinblack', 'gateway'],
    ['mx1-eu.emailsecurity.app', 'mesh-email', 'gateway'],
    ['eu-esec-02.heimdalsecurity.com', 'heimdal', 'gateway'],
    ['mx1.zixmail.net', 'appriver', 'gateway'],
    ['mx01.hornetsecurity.com', 'hornetsecurity', 'gateway'],
    ['mx1.hc1234-56.eu.iphmx.com', 'cisco-email', 'gateway'],
    ['cluster1.eu.messagelabs.com', 'symantec-email', 'gateway'],
    ['cust1234-1.in.mailcontrol.com', 'forcepoint', 'gateway'],
    ['mx-01-eu-central-1.prod.hydra.sophos.com', 'sophos-email', 'gateway'],
    ['mx01.antispamcloud.com', 'spamexperts', 'gateway'],
    ['example-org.mail.cloud.nospamproxy.com', 'nospamproxy', 'gateway'],
    ['example.org.us.ik2.com', 'mxguarddog', 'gateway'],
    ['mx1.mailroute.net', 'mailroute', 'gateway'],
    ['mx1.vadesecure.com', 'vade', 'gateway'],
    ['example.org.mx.spamtitan.com', 'spamtitan', 'gateway'],
    ['mx1.retarus.com', 'retarus', 'gateway'],
    ['example.org.fireeyecloud.com', 'trellix-email', 'gateway'],
    ['mx1.esvacloud.com', 'libraesva', 'gateway'],
    ['route1.mx.cloudflare.net', 'cloudflare', 'gateway'],
    ['static.4.3.2.1.clients.your-server.de', 'hetzner', 'rented'],
    ['www12.your-server.de', 'hetzner', 'mailbox'],
    ['vps-1a2b3c4d.vps.ovh.net', 'ovh', 'rented'],
    ['ip-1-2-3-4.ip.secureserver.net', 'godaddy', 'rented'],
  ])('%s is %s, %s', (host, id, proves) => {
    const match = directory.byMx(host);
    expect([match?.provider.id, match?.proves]).toEqual([id, proves]);
  });

  it.each([
    'google.com',
    'notgoogle.com',
    'smtp.notgoogle.com',
    'aspmx.l.google.com.example.org',
    'mail.protection.outlook.com.example.org',
    'mx.example.com',
    'com',
    '',
  ])('%s is nothing', (host) => {
    expect(directory.byMx(host)).toBeNull();
  });
});

describe('where autodiscover and autoconfig lead', () => {
  const ids = (host: string) => directory.byDiscoveryHost(host).map(({ id }) => id);

  it.each([
    ['autodiscover.outlook.com', 'microsoft-365'],
    ['AutoDiscover.Outlook.COM.', 'microsoft-365'],
    ['autodiscover.partner.outlook.cn', 'microsoft-365-china'],
    ['autodiscover.office365.us', 'microsoft-365-us-government'],
    ['autodiscover.emailsrvr.com', 'rackspace'],
    ['autodiscover.mail.us-east-1.awsapps.com', 'amazon-workmail-us-east-1'],
    ['mailconfig.ovh.net', 'ovh'],
    ['infomaniak.com', 'infomaniak'],
    ['autoconfig.migadu.com', 'migadu'],
    ['autoconfig.mail.hostinger.com', 'hostinger'],
    ['privateemail.com', 'namecheap'],
  ])('%s is %s', (host, id) => {
    expect(ids(host)).toEqual([id]);
  });

  it('may leave the region open', () => {
    expect(ids('adsredir.ionos.info')).toEqual(expect.arrayContaining(['ionos', 'ionos-de']));
  });

  it.each([
    'outlook.com',
    'autodiscover.outlook.com.example.org',
    'notautodiscover.outlook.com',
    'mail.example.org',
    '',
  ])('%j is nothing', (host) => {
    expect(ids(host)).toEqual([]);
  });
});

describe('whom an SPF record names', () => {
  const ids = (domain: string) => directory.bySpf(domain).map(({ id }) => id);

  it.each([
    ['spf.protection.outlook.com', 'microsoft-365'],
    ['SPF.Protection.Outlook.com.', 'microsoft-365'],
    ['_spf.google.com', 'google-workspace'],
    ['zohomail.eu', 'zoho-eu'],
    ['zoho.in', 'zoho-in'],
    ['spf.messagingengine.com', 'fastmail'],
    ['_spf.protonmail.ch', 'proton'],
    ['icloud.com', 'icloud'],
    ['_spf.yandex.net', 'yandex'],
    ['mx.ovh.com', 'ovh'],
    ['_mailcust.gandi.net', 'gandi'],
    ['spf.infomaniak.ch', 'infomaniak'],
    ['spf.migadu.com', 'migadu'],
    ['mailbox.org', 'mailbox.org'],
    ['emailsrvr.com', 'rackspace'],
    ['spf.privateemail.com', 'namecheap'],
    ['_spf.mail.hostinger.com', 'hostinger'],
    ['spf.mail.qq.com', 'tencent-exmail'],
    ['spf.163.com', 'netease-qiye'],
  ])('%s is %s', (domain, id) => {
    expect(ids(domain)).toEqual([id]);
  });

  it.each([
    // Transactional and newsletter senders, help desks.
    'sendgrid.net',
    'mailgun.org',
    'eu.mailgun.org',
    'amazonses.com',
    'servers.mcsv.net',
    'spf.mandrillapp.com',
    'spf.mailjet.com',
    'spf.brevo.com',
    'spf.sendinblue.com',
    'spf.mtasv.net',
    '_spf.resend.com',
    'spf.sparkpostmail.com',
    '_spf.smtp2go.com',
    '_spf.salesforce.com',
    'cust-spf.exacttarget.com',
    'mail.zendesk.com',
    'spf.hubspotemail.net',
    'zcsend.net',
    'transmail.net',
    'zeptomail.net',
    'one.zoho.com',
    'relay.mailchannels.net',
    // Filters, which send what others let pass.
    'eu._netblocks.mimecast.com',
    'spf-00123456.pphosted.com',
    'spf.messagelabs.com',
    '_spf.mx.cloudflare.net',
    // Web hosters, whose servers send for sites whose mailboxes are elsewhere.
    'websitewelcome.com',
    'bluehost.com',
    'netblocks.dreamhost.com',
    '',
  ])('%j is no mailbox provider', (domain) => {
    expect(ids(domain)).toEqual([]);
  });
});

describe('whose DKIM key a selector has', () => {
  const ids = (selector: string, target: string | null) =>
    directory.byDkim(selector, target).map(({ id }) => id);

  it.each([
    ['selector1', 'selector1-contoso-com._domainkey.contoso.onmicrosoft.com', 'microsoft-365'],
    ['selector1', 'selector1-x-com._domainkey.contoso.n-v1.dkim.mail.microsoft', 'microsoft-365'],
    ['selector1', 'selector1-x-cn._domainkey.contoso.partner.onmschina.cn', 'microsoft-365-china'],
    ['selector1', 'selector1-example-org.domainkey.runbox.com', 'runbox'],
    ['google', null, 'google-workspace'],
    ['fm1', 'fm1.example.org.dkim.fmhosted.com.', 'fastmail'],
    ['protonmail', 'protonmail.domainkey.dabc.domains.proton.ch', 'proton'],
    ['sig1', 'sig1.dkim.example.org.at.icloudmailadmin.com', 'icloud'],
    ['GM1', 'GM1.gandimail.net', 'gandi'],
    ['key1', 'key1.example.org._domainkey.migadu.com', 'migadu'],
    ['mbo0001', 'MBO0001._domainkey.mailbox.org', 'mailbox.org'],
    ['hostingermail-a', 'hostingermail-a.dkim.mail.hostinger.com', 'hostinger'],
    ['mailru', null, 'mail.ru'],
  ])('%s at %s is %s', (selector, target, id) => {
    expect(ids(selector, target)).toEqual([id]);
  });

  it.each([
    // A word that anybody may choose, or another service's name for its key.
    ['selector1', null],
    ['key1', null],
    ['sig1', null],
    ['key1', 'key1._domainkey.webhosting.systems'],
    ['selector1', 'selector1.onmicrosoft.com.example.org'],
    ['google', 'google._domainkey.example.org'],
    ['nosuch', null],
    ['', ''],
  ])('%j at %j is nothing', (selector, target) => {
    expect(ids(selector, target)).toEqual([]);
  });

  it('is asked of a few selectors that mean something', () => {
    const selectors = directory.dkimSelectors();
    expect(selectors).toEqual([...new Set(selectors)]);
    expect(selectors).toEqual(expect.arrayContaining(['selector1', 'google', 'fm1']));
    expect(selectors.length).toBeLessThanOrEqual(12);
  });
});

describe('a provider by id', () => {
  it('is that one, and nothing else', () => {
    expect(directory.byId('123-reg')?.name).toBe('123 Reg');
    expect(directory.byId('zone')?.id).toBe('zone');
    for (const other of ['Gmail', 'google', 'gmail.com', 'smtp.gmail.com', '', '"']) {
      expect(directory.byId(other)).toBeNull();
    }
  });
});

describe('a submission server', () => {
  it('is found by its exact name', () => {
    expect(directory.byHost('SMTP.gmail.com')?.id).toBe('gmail');
    expect(directory.byHost('smtp.sendgrid.net')?.id).toBe('sendgrid');
    expect(directory.byHost('gmail.com')).toBeNull();
  });

  it('is not what an id happens to look like', () => {
    expect(directory.byHost('mail.de')).toBeNull();
    expect(directory.byHost('posteo.de')?.id).toBe('posteo');
  });

  it.each([
    ['smtp.gmail.com', 'gmail'],
    ['smtp.mail.yahoo.com', 'yahoo'],
    ['smtp.aol.com', 'aol'],
  ])('such as %s, that others use too, is its owner’s', (host, id) => {
    expect(directory.byHost(host)?.id).toBe(id);
  });
});

describe('an exchanger of another entry is no move', () => {
  it.each([
    ['gmx.com', 'mx00.gmx.net'],
    ['188.com', '188mx01.mxmail.netease.com'],
    ['telus.net', 'aspmx.l.google.com'],
    ['cox.net', 'mta5.am0.yahoodns.net'],
    ['suddenlink.net', 'mx.altice.prod.cloud.openwave.ai'],
  ])('%s at %s', (domain, exchanger) => {
    const listed = directory.byDomain(domain)?.id ?? '';
    const actual = directory.byMx(exchanger)?.provider.id ?? '';
    expect(sameService(directory, listed, actual)).toBe(true);
  });

  it('but that of a stranger is', () => {
    expect(sameService(directory, 'gmx-com', 'google-workspace')).toBe(false);
  });
});

describe('the compiled index', () => {
  const text = readFileSync(new URL('../../src/providers/compiled.ts', import.meta.url), 'utf8');

  it('stays under 300 kB', () => {
    expect(Buffer.byteLength(text)).toBeLessThan(300_000);
  });

  it('bears the month of its newest fact', () => {
    expect(directory.date).toMatch(/^20\d\d-\d\d$/);
  });
});
