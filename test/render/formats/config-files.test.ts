/** msmtp, mutt and Postfix: nothing breaks out of its line. `test/real/formats.ts` asks the programs. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from '../../../src/model/printable.ts';
import { msmtpAddress, msmtpValue } from '../../../src/render/formats/msmtp.ts';
import { muttString } from '../../../src/render/formats/mutt.ts';
import { saslUser } from '../../../src/render/formats/postfix.ts';
import { hostileReport, hostileText, render, reportWith, statements } from './reports.ts';

const LINES: Readonly<Record<string, RegExp>> = {
  msmtp:
    /^(?:account [a-z0-9.:_-]+|host [a-z0-9.:_-]+|port \d+|tls (?:on|off)|tls_starttls (?:on|off)|auth [a-z0-9-]+|user .+|from .+|passwordeval "YOUR-PASSWORD-COMMAND")$/,
  mutt: /^set (?:from = (?:'[^']*'|"(?:[^"\\`$]|\\.)*")|smtp_url = 'smtps?:\/\/[A-Za-z0-9%._~-]+@[a-z0-9.:[\]_-]+\/'|ssl_(?:force_tls|starttls) = (?:yes|no)|smtp_authenticators = '[a-z0-9:-]+'|smtp_oauth_refresh_command = 'YOUR-TOKEN-COMMAND')$/,
  postfix:
    /^(?:relayhost = \[[a-z0-9.:_-]+\]:\d+|smtp_(?:tls|sasl)_[a-zA-Z_]+ = [a-zA-Z0-9/:., _-]+)$/,
};

const WORD = '[A-Za-z0-9@+:./_%-]+';
Object.assign(LINES, {
  exim: /^(?:dc_eximconfig_configtype='smarthost'|dc_smarthost='[a-z0-9.:_[\]-]+')$/,
  opensmtpd:
    /^(?:table secrets file:\/etc\/mail\/secrets|action "smarthost" relay host "smtps?(?:\+tls|\+notls)?:\/\/(?:smarthost@)?[a-z0-9.:[\]_-]+"(?: auth <secrets>)? mail-from "[^"\\%]+"|match from local for any action "smarthost")$/,
  nullmailer: new RegExp(
    `^[a-z0-9.:_-]+ smtp port=\\d+(?: (?:tls|starttls))? user=(?:${WORD}|"(?:[^"\\\\]|\\\\["\\\\])*") pass=YOUR-PASSWORD$`,
  ),
  dma: /^(?:SMARTHOST [a-z0-9.:_-]+|PORT \d+|AUTHPATH \/etc\/dma\/auth\.conf|SECURETRANSFER|STARTTLS|INSECURE|MASQUERADE [^\s#"\\]+)$/,
  's-nail':
    /^(?:set v15-compat=yes|set mta=smtps?:\/\/[A-Za-z0-9%._~-]+@[a-z0-9.:[\]_-]+|set tls-verify=strict|(?:un)?set smtp-use-starttls|set smtp-auth=[a-z0-9-]+|set from=.+)$/,
  aerc: /^(?:\[[a-z0-9.:_-]+\]|outgoing = smtps?(?:\+insecure)?\+[a-z0-9]+:\/\/[A-Za-z0-9%._~-]+@[a-z0-9.:[\]_-]+|outgoing-cred-cmd = YOUR-PASSWORD-COMMAND|from = [\p{L}\p{N}][\p{L}\p{M}\p{N}@+._'-]*)$/u,
  himalaya:
    /^(?:\[accounts\."[a-z0-9.:_-]+"\]|[a-z.-]+ = (?:\d+|"(?:[^"\\]|\\.)*"|\[(?:"(?:[^"\\]|\\.)*"(?:, )?)*\]))$/u,
  laravel: /^MAIL_[A-Z_]+=(?:[A-Za-z0-9@+:./_-]+|'[^']*'|"[^"`!]*")$/,
  symfony:
    /^MAILER_DSN='smtps?:\/\/[A-Za-z0-9%._~-]+:YOUR-[A-Z-]+@[a-z0-9.:[\]_-]+(?:\?[a-z_]+=(?:true|false))?'$/,
  spring: /^spring\.mail\.[a-z.]+=(?:[ -[\]-~]|\\u[0-9a-f]{4})*$/,
  systemd:
    /^(?:\[Service\]|Environment=(?:[A-Z_]+=[A-Za-z0-9_=@+:./%-]+|"[A-Z_]+=(?:[^"\\]|\\["\\])*")|LoadCredentialEncrypted=smtp-(?:password|access-token):\/etc\/credstore\.encrypted\/smtp-(?:password|access-token))$/,
  k8s: /^(?:apiVersion: v1|kind: Secret|metadata:| {2}name: smtp|type: Opaque|stringData:| {2}SMTP_[A-Z_]+: "(?:[^"\\]|\\.)*")$/u,
});

describe('configuration files', () => {
  it.each(Object.entries(LINES))(
    '%s has known lines only, whatever strangers say',
    (name, known) => {
      fc.assert(
        fc.property(hostileReport, (report) => {
          const text = render(name, report);
          for (const line of statements(text)) expect(line).toMatch(known);
          // A backslash at the end of a line continues it, in mutt even that of a comment.
          expect(text).not.toMatch(/\\$/m);
          for (const line of text.split('\n')) expect(Buffer.byteLength(line)).toBeLessThan(2000);
        }),
        { numRuns: 300 },
      );
    },
  );

  it('keep comments short enough for msmtp, which counts bytes', () => {
    const message = '語'.repeat(1000);
    const warnings = [{ code: 'protocol-error' as const, message }];
    for (const line of render('msmtp', { ...reportWith(), warnings }).split('\n')) {
      expect(Buffer.byteLength(line)).toBeLessThan(500);
    }
  });
});

describe('msmtp', () => {
  it('has an account block', () => {
    expect(statements(render('msmtp', reportWith({ port: 587, encryption: 'starttls' })))).toEqual([
      'account example.com',
      'host smtp.example.com',
      'port 587',
      'tls on',
      'tls_starttls on',
      'auth on',
      'user you@example.com',
      'from you@example.com',
      'passwordeval "YOUR-PASSWORD-COMMAND"',
    ]);
  });

  it('quotes values, and refuses those that msmtp would expand', () => {
    expect(msmtpValue('"a b"@example.com')).toBe('""a b"@example.com"');
    expect(msmtpValue('a\nhost evil')).toBeNull();
    expect(msmtpAddress('a%Hb@example.com')).toBeNull();
    expect(msmtpAddress('*@example.com')).toBeNull();
    expect(msmtpAddress("o'brien@example.com")).toBe('"o\'brien@example.com"');
  });

  it('names the mechanism only where msmtp could not choose', () => {
    expect(render('msmtp', reportWith({ auth: ['GSSAPI'] }))).toContain('\nauth gssapi\n');
    expect(render('msmtp', reportWith({ auth: [] }))).toContain('\nauth on\n');
    expect(render('msmtp', reportWith({ auth: ['XOAUTH2'] }))).toContain('\nauth xoauth2\n');
  });
});

describe('mutt', () => {
  it('has a URL, TLS, and the mechanisms that take a password', () => {
    expect(statements(render('mutt', reportWith({ port: 587, encryption: 'starttls' })))).toEqual([
      "set from = 'you@example.com'",
      "set smtp_url = 'smtp://you%40example.com@smtp.example.com:587/'",
      'set ssl_force_tls = yes',
      'set ssl_starttls = yes',
      "set smtp_authenticators = 'plain:login'",
    ]);
  });

  it('lists no mechanism that a build may not know', () => {
    const auth = ['SCRAM-SHA-256', 'PLAIN', 'CRAM-MD5'];
    expect(render('mutt', reportWith({ auth }))).toContain("smtp_authenticators = 'plain'");
    expect(render('mutt', reportWith({ auth, encryption: 'none' }))).not.toContain(
      'authenticators',
    );
  });

  it('quotes strings so that nothing in them is expanded', () => {
    expect(muttString('`id`$HOME\\"#;')).toBe("'`id`$HOME\\\"#;'");
    fc.assert(
      fc.property(
        hostileText.map((text) => printable(text)),
        (value) => {
          const quoted = muttString(value) ?? '';
          const inside = quoted.slice(1, -1);
          if (quoted.startsWith("'")) expect(inside).toBe(value);
          else expect(inside.replace(/\\(.)/gu, '$1')).toBe(value);
        },
      ),
    );
    expect(muttString('a\nset x')).toBeNull();
  });
});

describe('postfix', () => {
  it('relays with sign-in over verified TLS', () => {
    const text = render('postfix', reportWith());
    expect(statements(text)).toEqual([
      'relayhost = [smtp.example.com]:465',
      'smtp_tls_wrappermode = yes',
      'smtp_tls_security_level = verify',
      'smtp_tls_CAfile = /etc/ssl/certs/ca-certificates.crt',
      'smtp_sasl_auth_enable = yes',
      'smtp_sasl_security_options = noanonymous',
      'smtp_sasl_mechanism_filter = plain, login',
      'smtp_sasl_password_maps = texthash:/etc/postfix/sasl_passwd',
    ]);
    expect(text).toContain('\n# [smtp.example.com]:465 you@example.com:YOUR-PASSWORD\n');
  });

  it('refuses a user name that would end at a colon', () => {
    expect(saslUser('a:b')).toBeNull();
    expect(saslUser('a\nb')).toBeNull();
    expect(saslUser('a\\b $x #')).toBe('a\\b $x #');
  });

  it('writes an IPv6 address in its way, and so does Exim', () => {
    expect(render('exim', reportWith({ host: '2001:db8::1' }))).toContain(
      "dc_smarthost='[2001::db8::::1]::465'\n",
    );

    expect(render('postfix', reportWith({ host: '2001:db8::1' }))).toContain(
      'relayhost = [ipv6:2001:db8::1]:465\n',
    );
  });
});
