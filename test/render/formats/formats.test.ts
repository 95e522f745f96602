/** What holds for every format. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { warning } from '../../../src/model/warnings.ts';
import { formats } from '../../../src/render/formats/index.ts';
import { badInput, notFound, unverified, verified } from '../samples.ts';
import { bareDomain, hostileReport, render, reportWith } from './reports.ts';

const commentStart: Readonly<Record<string, string>> = { nodemailer: '// ', autoconfig: '<!-- ' };
const names = formats.map(({ name }) => name);
const withComments = names.filter((name) => name !== 'url');
const start = (name: string): string => commentStart[name] ?? '# ';
const firstComment = (name: string, text: string): string =>
  text.split('\n')[name === 'autoconfig' ? 1 : 0] ?? '';

describe('the formats', () => {
  it.each(names)('%s names host, port and user, and no secret', (name) => {
    const text = render(name, verified);
    expect(text).toContain('smtp.example.com');
    expect(text).toContain('465');
    expect(text).toMatch(/you(@|%40)example\.com|%EMAILADDRESS%/);
    expect(text).toMatch(/[^\n]\n$/);
  });

  it.each(withComments)('%s says on top that settings are not verified, and why', (name) => {
    const warnings = [warning('not-probed'), warning('assumed-username')];
    const text = render(name, {
      ...reportWith({ verified: false }),
      status: 'unverified',
      warnings,
    });
    expect(firstComment(name, text)).toContain(
      `${start(name)}not verified: The server was not contacted, because probing was switched off.`,
    );
    expect(text).toContain(`${start(name)}warning: The user name is assumed:`);
  });

  it.each(withComments)('%s says why, and not that the login was not tried', (name) => {
    const expired = { host: 'smtp.example.com', port: 465, names: [], date: null, reason: '' };
    const warnings = [
      warning('login-not-tried', { reason: 'the server could not be verified' }),
      warning('certificate-expired', expired),
    ];
    const text = render(name, {
      ...reportWith({ verified: false }),
      status: 'unverified',
      warnings,
    });
    expect(firstComment(name, text)).toContain(`not verified: ${warnings[1]?.message}`);
    expect(text.split(warnings[0]?.message ?? '?')).toHaveLength(2);
    expect(text.split(warnings[1]?.message ?? '?')).toHaveLength(2);
  });

  it.each(withComments)('%s says that settings are verified, and still warns', (name) => {
    const warnings = [warning('clear-auth', { host: 'smtp.example.com', port: 587 })];
    const text = render(name, { ...verified, warnings });
    expect(firstComment(name, text)).toContain(
      `${start(name)}SMTP settings for example.com, verified by smtp-find`,
    );
    expect(text).toContain('warning: smtp.example.com:587 offers authentication before TLS');
    expect(text).toContain('Example Mail: Sign in with an app password');
  });

  it.each(names)('%s writes comments or nothing when nothing was found', (name) => {
    const text = render(name, notFound);
    if (name === 'url' || name === 'autoconfig') expect(text).toBe('');
    else expect(text).toBe(`${start(name)}no SMTP settings found for nowhere.invalid\n`);
    for (const line of render(name, badInput).split('\n')) {
      if (line !== '') expect(line.startsWith(start(name))).toBe(true);
    }
  });

  it.each(names)('%s never writes plaintext without saying so', (name) => {
    const text = render(name, reportWith({ encryption: 'none' }));
    const own: Readonly<Record<string, RegExp>> = {
      env: /^SMTP_ENCRYPTION=none\nSMTP_SECURE=false\nSMTP_REQUIRE_TLS=false$/m,
      url: /^smtp:\/\/.*ignoreTLS=true&auto_tls=false$/m,
      nodemailer: /secure: false,\n {2}ignoreTLS: true/,
      msmtp: /^tls off\nauth plain$/m,
      git: /smtpEncryption none$/m,
      mutt: /^set ssl_force_tls = no\nset ssl_starttls = no$/m,
      postfix: /^smtp_tls_security_level = none$/m,
      swaks: /^(?!.*--tls).*swaks/m,
      python: /smtplib\.SMTP\('smtp.example.com', 465, timeout=30\)/,
      autoconfig: /<socketType>plain</,
      django: /^EMAIL_USE_SSL = False\nEMAIL_USE_TLS = False$/m,
      rails: /enable_starttls: false,\n {2}enable_starttls_auto: false/,
      laravel: /^MAIL_URL='smtp:\/\/smtp.example.com:465\?auto_tls=false'$/m,
      symfony: /^MAILER_DSN='smtp:\/\/.*\?auto_tls=false'$/m,
      spring: /mail\.smtp\.starttls\.enable=false$/m,
      's-nail': /^set mta=smtp:.*\nunset smtp-use-starttls$/m,
      aerc: /^outgoing = smtp\+insecure\+plain:/m,
      himalaya: /encryption\.type = "none"$/m,
      exim: /^# REMOTE_SMTP_SMARTHOST_HOSTS_AVOID_TLS = \*$/m,
      opensmtpd: /relay host "smtp\+notls:\/\/smtp\.example\.com:465" mail-from/,
      nullmailer: /^smtp\.example\.com smtp port=465 user=/m,
      dma: /^INSECURE$/m,
      systemd: /^Environment=SMTP_ENCRYPTION=none$/m,
      k8s: /^ {2}SMTP_ENCRYPTION: "none"$/m,
    };
    expect(text).toMatch(own[name] ?? /^$/);
    if (name !== 'url') expect(text).toContain('warning: no encryption.');
    if (name !== 'url') expect(render(name, unverified)).toContain('offers no encryption');
  });

  it.each(names)('%s has an obvious stand-in where a bare domain has no user', (name) => {
    const text = render(name, bareDomain());
    if (name === 'autoconfig') expect(text).toContain('<username>%EMAILADDRESS%</username>');
    else expect(text).toMatch(/YOUR-NAME(@|%40)example\.com/);
    const local = render(name, bareDomain({ username: '%EMAILLOCALPART%' }));
    expect(local).toMatch(name === 'autoconfig' ? /<username>%EMAILLOCALPART%</ : /YOUR-NAME/);
  });

  it.each(names)('%s copes with a provider that was asked for by name', (name) => {
    const report = reportWith(
      { host: 'smtp.sendgrid.net', username: 'apikey' },
      { query: 'sendgrid', email: null, domain: null },
    );
    expect(render(name, report)).toMatch(/apikey/);
  });

  it.each(names)('%s refuses a host or a port that is none', (name) => {
    for (const host of ['a b', 'x;id', 'fe80::1%eth0', '-x.example', 'a\nb', '', '$(id)']) {
      expect(render(name, reportWith({ host }))).toBe(render(name, reportWith({ port: 0 })));
    }
  });

  it('remark on an OAuth-only server, and have a place for the token', () => {
    const report = reportWith({ auth: ['OAUTHBEARER', 'XOAUTH2'] });
    const places: Readonly<Record<string, string>> = {
      env: 'SMTP_ACCESS_TOKEN=YOUR-ACCESS-TOKEN',
      nodemailer: "type: 'OAuth2'",
      msmtp: 'auth oauthbearer',
      git: 'sendemail.smtpAuth OAUTHBEARER',
      mutt: 'set smtp_oauth_refresh_command',
      postfix: 'smtp_sasl_mechanism_filter = xoauth2',
      swaks: '--quit-after HELO',
      python: "smtp.auth('OAUTHBEARER'",
      autoconfig: '<authentication>OAuth2</authentication>',
      rails: "password: ENV.fetch('SMTP_ACCESS_TOKEN')",
      laravel: 'MAIL_PASSWORD=YOUR-ACCESS-TOKEN',
      symfony: ':YOUR-ACCESS-TOKEN@',
      spring: `spring.mail.password=$\{SMTP_ACCESS_TOKEN}`,
      's-nail': 'set smtp-auth=oauthbearer',
      aerc: 'smtps+oauthbearer://',
      himalaya: 'backend.auth.method = "oauthbearer"',
      systemd: 'LoadCredentialEncrypted=smtp-access-token:',
      k8s: 'SMTP_ACCESS_TOKEN: "YOUR-ACCESS-TOKEN"',
    };
    for (const [name, place] of Object.entries(places)) {
      const text = render(name, report);
      expect(text).toContain(place);
      if (name === 'swaks') expect(text).toContain('swaks cannot sign in here');
      else if (name !== 'autoconfig') expect(text).toContain('OAuth 2.0 access token');
    }
  });

  it('say which programs can do nothing with a token', () => {
    const report = reportWith({ auth: ['OAUTHBEARER', 'XOAUTH2'] });
    for (const name of ['django', 'exim', 'opensmtpd', 'nullmailer', 'dma']) {
      expect(render(name, report)).toContain(
        'cannot sign in here: the server takes only OAUTHBEARER',
      );
    }
  });

  it.each(names)('%s insists on STARTTLS', (name) => {
    const text = render(name, reportWith({ port: 587, encryption: 'starttls' }));
    const own: Readonly<Record<string, string>> = {
      env: 'SMTP_REQUIRE_TLS=true',
      url: 'requireTLS=true&require_tls=true',
      nodemailer: 'requireTLS: true',
      msmtp: 'tls on\ntls_starttls on',
      git: 'smtpEncryption tls',
      mutt: 'set ssl_force_tls = yes\nset ssl_starttls = yes',
      postfix: 'smtp_tls_security_level = verify',
      swaks: ' --tls --tls-verify ',
      python: 'smtp.starttls(context=context)',
      autoconfig: '<socketType>STARTTLS<',
      django: 'EMAIL_USE_TLS = True',
      rails: 'enable_starttls: true',
      laravel: "MAIL_URL='smtp://smtp.example.com:587?require_tls=true'",
      symfony: ":587?require_tls=true'",
      spring: 'starttls.enable=true\nspring.mail.properties.mail.smtp.starttls.required=true',
      's-nail': 'set tls-verify=strict\nset smtp-use-starttls',
      aerc: 'outgoing = smtp+plain://',
      himalaya: 'encryption.type = "start-tls"',
      exim: '# REMOTE_SMTP_SMARTHOST_HOSTS_REQUIRE_TLS = *',
      opensmtpd: '"smtp+tls://',
      nullmailer: ' port=587 starttls ',
      dma: 'SECURETRANSFER\nSTARTTLS\n',
      systemd: 'Environment=SMTP_ENCRYPTION=starttls',
      k8s: 'SMTP_REQUIRE_TLS: "true"',
    };
    expect(text).toContain(own[name] ?? '(nobody has said how)');
  });

  it('say when a program speaks none of the mechanisms', () => {
    const report = reportWith({ auth: ['SCRAM-SHA-512'] });
    // Files that a program reads whose mechanisms nobody can know, and Cyrus SASL.
    const speakAnything = ['env', 'url', 'systemd', 'k8s', 'autoconfig', 'postfix'];
    for (const name of names.filter((known) => !speakAnything.includes(known))) {
      expect(render(name, report)).toContain('cannot sign in here');
    }
  });

  it('never throw, nor let a control character or a lone carriage return through', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        for (const { render } of formats) {
          expect(render(report)).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e]/);
        }
      }),
      { numRuns: 300 },
    );
  });
});
