import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { warning } from '../../../src/model/warnings.ts';
import { displayWidth } from '../../../src/render/text/layout.ts';
import { renderText, type TextOptions } from '../../../src/render/text/text.ts';
import type { Report, ReportedSource } from '../../../src/report/report.ts';
import { sourceNames } from '../../../src/sources/order.ts';
import { badInput, everyKind, explained, NOW, notFound, unverified, verified } from '../samples.ts';

function plain(report: Report, options: Partial<TextOptions> = {}): string {
  return `\n${renderText(report, { width: 80, color: false, unicode: true, now: NOW, ...options })}`;
}

describe('renderText', () => {
  it('shows verified settings first, then what is to be known of them', () => {
    expect(plain(verified)).toMatchInlineSnapshot(`
      "
      Server          smtp.example.com
      Port            465
      Encryption      SSL/TLS
      Authentication  normal password (PLAIN, LOGIN), OAuth2 (XOAUTH2)
                      simplest: normal password, or an app password with two-factor
      User name       you@example.com

      ✔ Verified: TLS 1.3 with a trusted certificate, and sign-in is offered.

      Provider: Example Mail
        • Sign in with an app password when two-factor authentication is on.
        App password: https://help.example.com/app
        Help: https://help.example.com/smtp

      Found in the autoconfig file of example.com
        https://autoconfig.example.com/mail/config-v1.1.xml
      Also found in the SRV records of example.com
      "
    `);
  });

  it('says how old the entry is from two years on, unless a warning does', () => {
    const { provider } = verified;
    const old = { ...verified, provider: { ...provider, confirmed: '2019-03' } };
    expect(plain(old)).toContain('last confirmed in March 2019');
    expect(plain({ ...old, provider: { ...provider, confirmed: '2024-11' } })).not.toContain(
      '2024',
    );
    const warned = [warning('outdated-entry', { provider: 'Example', month: 'March 2019' })];
    expect(plain({ ...old, warnings: warned }).match(/March 2019/g)).toHaveLength(1);
  });

  it('fits 40 columns', () => {
    expect(plain(verified, { width: 40 })).toMatchInlineSnapshot(`
      "
      Server          smtp.example.com
      Port            465
      Encryption      SSL/TLS
      Authentication  normal password (PLAIN,
                      LOGIN), OAuth2 (XOAUTH2)
                      simplest: normal
                      password, or an app
                      password with two-factor
      User name       you@example.com

      ✔ Verified: TLS 1.3 with a trusted
        certificate, and sign-in is offered.

      Provider: Example Mail
        • Sign in with an app password when
          two-factor authentication is on.
        App password:
        https://help.example.com/app
        Help: https://help.example.com/smtp

      Found in the autoconfig file of
        example.com
        https://autoconfig.example.com/mail/config-v1.1.xml
      Also found in the SRV records of
        example.com
      "
    `);
  });

  it('uses 120 columns no further than prose can be read', () => {
    expect(plain(unverified, { width: 120 })).toMatchInlineSnapshot(`
      "
      Server          mail.bücher.example (mail.xn--bcher-kva.example)
      Port            587
      Encryption      none (not encrypted)
      Authentication  normal password (PLAIN)
      User name       your full address (assumed)

      ! Not verified. mail.bücher.example:587 offers no encryption: the password and every message would
        cross the network in the clear. Ask the provider for a server with TLS.
      ! The user name is assumed: the full address is the usual one. If it is refused, try the part before
        the @.
      ! Something timed out or failed for now, so a better answer may exist. Run it again, or give it
        longer with --timeout.

      Guessed from the usual names under bücher.example
      "
    `);
  });

  it('needs no Unicode', () => {
    const text = plain(unverified, { unicode: false });
    expect(text).toMatchInlineSnapshot(`
      "
      Server          mail.xn--bcher-kva.example
      Port            587
      Encryption      none (not encrypted)
      Authentication  normal password (PLAIN)
      User name       your full address (assumed)

      ! Not verified. mail.xn--bcher-kva.example:587 offers no encryption: the
        password and every message would cross the network in the clear. Ask the
        provider for a server with TLS.
      ! The user name is assumed: the full address is the usual one. If it is refused,
        try the part before the @.
      ! Something timed out or failed for now, so a better answer may exist. Run it
        again, or give it longer with --timeout.

      Guessed from the usual names under xn--bcher-kva.example
      "
    `);
  });

  it('says of what nobody wanted checked that it was not', () => {
    const unprobed = {
      ...verified,
      status: 'unverified',
      settings: { ...verified.settings, verified: false, tls: null },
      warnings: [warning('not-probed')],
    } satisfies Report;
    expect(plain(unprobed).split('\n').slice(7, 13).join('\n')).toMatchInlineSnapshot(`
      "
      ! Not checked: the server was not contacted.

      Provider: Example Mail
        • Sign in with an app password when two-factor authentication is on.
        App password: https://help.example.com/app"
    `);
  });

  it('says first why it could not be verified, and does not say it twice', () => {
    const at = { host: 'smtp.example.com', port: 465 };
    const text = plain({
      ...unverified,
      warnings: [
        warning('assumed-username'),
        warning('connection-refused', at),
        warning('incomplete'),
      ],
    });
    expect(text).toContain('! Not verified. smtp.example.com:465 refused the connection.\n');
    expect(text.match(/refused the connection/g)).toHaveLength(1);
    expect(text).toContain('! The user name is assumed:');
    expect(plain({ ...unverified, warnings: [] })).toContain('! Not verified.\n');
    expect(plain({ ...unverified, warnings: [warning('assumed-username')] })).toContain(
      '! Not verified: see the warnings below.\n',
    );
  });

  it('gives no advice about time where the resolver or the proxy is the trouble', () => {
    for (const cause of ['resolver-failed', 'proxy-failed'] as const) {
      const trouble = warning(cause, { trouble: 'it is not there' });
      const text = plain({ ...notFound, warnings: [trouble, warning('incomplete')] });
      expect(text).toContain('it is not there');
      expect(text).not.toContain('--timeout');
    }
  });

  it("leaves it to the provider's note that passwords are refused", () => {
    const note = { code: 'oauth2-only', message: 'Passwords are refused.' };
    const warnings = [warning('oauth2-only', { provider: 'Example Mail' })];
    const provider = { ...verified.provider, notes: [note] };
    expect(plain({ ...verified, warnings, provider })).not.toContain('! Example Mail');
    expect(plain({ ...verified, warnings })).toContain('! Example Mail accepts only OAuth 2.0');
  });

  it('leaves it to the warning to say that an answer is unprotected', () => {
    const evidence = verified.settings.evidence.map((item) => ({
      ...item,
      trust: 'insecure' as const,
    }));
    const origin = 'found in the SRV records of example.com';
    const facts = { host: 'smtp.example.org', domain: 'example.com', origin };
    const warnings = [warning('host-outside-domain', facts)];
    const text = plain({ ...verified, settings: { ...verified.settings, evidence }, warnings });
    expect(text.match(/unprotected/g)).toHaveLength(1);
    expect(text).toMatch(/✔ Verified: .*\n! smtp\.example\.org lies outside example\.com/);
  });

  it('gives the name of an internationalised domain as people and as servers write it', () => {
    const query = 'jo@例子.中国';
    const username = 'jo@xn--fsqu00a.xn--fiqs8s';
    const international = {
      ...verified,
      query,
      email: username,
      domain: 'xn--fsqu00a.xn--fiqs8s',
      settings: { ...verified.settings, host: 'smtp.xn--fsqu00a.xn--fiqs8s', username },
    } satisfies Report;
    expect(plain(international, { quiet: true })).toMatchInlineSnapshot(`
      "
      Server          smtp.例子.中国 (smtp.xn--fsqu00a.xn--fiqs8s)
      Port            465
      Encryption      SSL/TLS
      Authentication  normal password (PLAIN, LOGIN), OAuth2 (XOAUTH2)
      User name       jo@xn--fsqu00a.xn--fiqs8s (jo@例子.中国)
      "
    `);
    expect(plain(international, { quiet: true, width: 40 })).toMatchInlineSnapshot(`
      "
      Server          smtp.例子.中国
        (smtp.xn--fsqu00a.xn--fiqs8s)
      Port            465
      Encryption      SSL/TLS
      Authentication  normal password (PLAIN,
                      LOGIN), OAuth2 (XOAUTH2)
      User name
        jo@xn--fsqu00a.xn--fiqs8s
                      (jo@例子.中国)
      "
    `);
    const ascii = plain(international, { heading: true, unicode: false });
    expect(ascii).toMatch(/^\n\+ jo@xn--fsqu00a\.xn--fiqs8s\n/);
    expect(ascii).toMatch(/^[\x00-\x7f]*$/);
    const named = { ...international, query: 'jö.müller@例子.中国' };
    expect(plain(named, { heading: true, unicode: false })).toMatch(
      /^\n\+ jö\.müller@xn--fsqu00a\.xn--fiqs8s\n/,
    );
  });

  it('spells our own signs out where there is no Unicode', () => {
    const origin = 'found in the SRV records of example.com';
    const facts = { host: 'smtp.example.org', domain: 'example.com', origin };
    const warnings = [warning('host-outside-domain', facts)];
    for (const report of [
      { ...verified, warnings },
      { ...explained, warnings },
    ]) {
      const text = plain(report, { unicode: false, explain: true, all: true });
      expect(text).toContain('section 6');
      expect(text).toMatch(/^[\x00-\x7f]*$/);
    }
  });

  it('has words for a user name that only the provider knows', () => {
    const settings = { ...verified.settings, username: '%USERNAME%' };
    expect(plain({ ...verified, settings })).toContain(
      'User name       the one the provider gave you\n',
    );
  });

  it.each(sourceNames)('has a sentence for what %s found', (source) => {
    const evidence = [{ source, subject: 'bücher.example', trust: 'secure', from: '' } as const];
    const text = plain({ ...verified, settings: { ...verified.settings, evidence } });
    const sentence = text.trimEnd().split('\n').slice(-2).join(' ').replaceAll(/\s+/g, ' ').trim();
    expect(sentence).toMatch(/^(Found (in|through)|Guessed from) [a-zT].*\bbücher\.example/);
    expect(sentence).not.toContain(`${source}, for`);
  });

  it('says clearly that nothing was found', () => {
    expect(plain(notFound)).toMatchInlineSnapshot(`
      "
      ✖ No settings found for nowhere.invalid.

      Ask your mail provider for its outgoing (SMTP) server. With --explain you see
      what was asked, and what it answered.
      "
    `);
  });

  it('says what to do next once, and not below each of several', () => {
    expect(plain(notFound, { explain: true })).not.toContain('With --explain');
    const warnings = [warning('no-submission', { provider: 'Example Mail' })];
    expect(plain({ ...notFound, warnings })).not.toContain('Ask your mail provider');
    expect(plain(notFound, { heading: true })).toMatchInlineSnapshot(`
      "
      ✖ nowhere.invalid
        ✖ No settings found for nowhere.invalid.
      "
    `);
  });

  it('says what is wrong with bad input, under its heading', () => {
    expect(plain(badInput, { heading: true })).toMatchInlineSnapshot(`
      "
      ✖ not an address
        "not an address" is not an address or a domain name: expected you@example.com
      "
    `);
  });

  it('begins with the query when there are several', () => {
    expect(plain(verified, { heading: true, width: 60 })).toMatchInlineSnapshot(`
      "
      ✔ you@example.com
        Server          smtp.example.com
        Port            465
        Encryption      SSL/TLS
        Authentication  normal password (PLAIN, LOGIN), OAuth2
                        (XOAUTH2)
                        simplest: normal password, or an app
                        password with two-factor
        User name       you@example.com

        ✔ Verified: TLS 1.3 with a trusted certificate, and
          sign-in is offered.

        Provider: Example Mail
          • Sign in with an app password when two-factor
            authentication is on.
          App password: https://help.example.com/app
          Help: https://help.example.com/smtp

        Found in the autoconfig file of example.com
          https://autoconfig.example.com/mail/config-v1.1.xml
        Also found in the SRV records of example.com
      "
    `);
  });

  it('gives the settings and nothing else when asked to be quiet', () => {
    expect(plain(unverified, { quiet: true })).toMatchInlineSnapshot(`
      "
      Server          mail.bücher.example (mail.xn--bcher-kva.example)
      Port            587
      Encryption      none (not encrypted)
      Authentication  normal password (PLAIN)
      User name       your full address (assumed)
      "
    `);
    expect(plain(notFound, { quiet: true })).toMatchInlineSnapshot(`
      "
      ✖ No settings found for nowhere.invalid.
      "
    `);
  });

  it('lists the other servers with their probes', () => {
    expect(plain(explained, { all: true, quiet: true })).toMatchInlineSnapshot(`
      "
      Server          smtp.example.com
      Port            465
      Encryption      SSL/TLS
      Authentication  normal password (PLAIN, LOGIN), OAuth2 (XOAUTH2)
      User name       you@example.com

      Other servers
        smtp.example.com        587  STARTTLS  ✔ works       autoconfig, srv
        mail.example.com        465  SSL/TLS   ✖ refused     guess
        submission.example.com  587  none      ! not probed  guess
      "
    `);
    expect(plain(explained, { all: true, quiet: true, width: 40 })).toMatchInlineSnapshot(`
      "
      Server          smtp.example.com
      Port            465
      Encryption      SSL/TLS
      Authentication  normal password (PLAIN,
                      LOGIN), OAuth2 (XOAUTH2)
      User name       you@example.com

      Other servers
        smtp.example.com:587 STARTTLS
          ✔ works (autoconfig, srv)
        mail.example.com:465 SSL/TLS
          ✖ refused (guess)
        submission.example.com:587 none
          ! not probed (guess)
      "
    `);
  });

  it('explains what was asked, what was seen, and why this server won', () => {
    expect(plain(explained, { explain: true, quiet: true })).toMatchInlineSnapshot(`
      "
      Server          smtp.example.com
      Port            465
      Encryption      SSL/TLS
      Authentication  normal password (PLAIN, LOGIN), OAuth2 (XOAUTH2)
      User name       you@example.com

      Why this server
        smtp.example.com:465 (SSL/TLS) comes first among the servers that were found,
        and was verified. It was found in the autoconfig file of example.com.

      What was asked
          database    nothing     1 ms  bundled database → no entry
        ✔ autoconfig  found      84 ms
            https://autoconfig.example.com/mail/config-v1.1.xml → 1 server
        ✖ ispdb       timeout  4000 ms
            https://autoconfig.thunderbird.net/v1.1/example.com → no answer within 4 s
          autodiscover, guess: cancelled, no longer needed

      What the servers answered
        ✔ smtp.example.com:465 SSL/TLS, at 192.0.2.25, 121 ms
            banner: smtp.example.com ESMTP
            TLS 1.3, TLS_AES_256_GCM_SHA384
            certificate for smtp.example.com, *.mail.example.com, from Let's Encrypt
            R11, 2026-10-31 to 2027-01-31
            keywords: PIPELINING, SIZE 35882577, 8BITMIME, SMTPUTF8
            AUTH offered: PLAIN, LOGIN, XOAUTH2
        ✔ smtp.example.com:587 STARTTLS, at 192.0.2.25, 143 ms
            banner: smtp.example.com ESMTP
            TLS 1.3, TLS_AES_256_GCM_SHA384
            certificate for smtp.example.com, *.mail.example.com, from Let's Encrypt
            R11, 2026-10-31 to 2027-01-31
            keywords: SIZE
            AUTH offered: PLAIN, LOGIN
            AUTH offered before TLS: PLAIN
        ✖ mail.example.com:465 SSL/TLS: refused, after 31 ms
            connect: refused by 192.0.2.26

      Complete, after 412 ms.
      "
    `);
  });

  it('shows an SRV record once, although two sources look it up', () => {
    const lookUp = (
      source: 'srv' | 'srv-foreign',
      from: string,
      outcome: 'found' | 'nothing',
      detail: string,
    ): ReportedSource => ({ source, subject: 'x.example', outcome, durationMs: 1, detail, from });
    const sources = [
      lookUp('srv', '_submissions', 'found', 'a.x.example:465'),
      lookUp('srv', '_submission', 'nothing', 'b.example:587: outside'),
      lookUp('srv', '_smtps', 'nothing', 'NXDOMAIN'),
      lookUp('srv-foreign', '_submissions', 'nothing', 'a.x.example:465: inside'),
      lookUp('srv-foreign', '_submission', 'found', 'b.example:587'),
      lookUp('srv-foreign', '_smtps', 'nothing', 'NXDOMAIN'),
    ];
    const text = plain({ ...explained, sources }, { explain: true, quiet: true });
    expect(text.match(/(?<=What was asked\n).*?(?=\n\n)/s)?.[0]).toMatchInlineSnapshot(`
      "  ✔ srv          found    1 ms  _submissions → a.x.example:465
          srv          nothing  1 ms  _smtps → NXDOMAIN
        ✔ srv-foreign  found    1 ms  _submission → b.example:587"
    `);
  });

  it('colours the marks and weighs the values, and nothing else differs', () => {
    const options = { width: 80, unicode: true, now: NOW };
    const colored = renderText(verified, { ...options, color: true });
    expect(JSON.stringify(colored.split('\n').slice(0, 7), null, 1)).toMatchInlineSnapshot(`
      "[
       "Server          \\u001b[1msmtp.example.com\\u001b[22m",
       "Port            \\u001b[1m465\\u001b[22m",
       "Encryption      \\u001b[1mSSL/TLS\\u001b[22m",
       "Authentication  \\u001b[1mnormal password (PLAIN, LOGIN), OAuth2 (XOAUTH2)\\u001b[22m",
       "                simplest: normal password, or an app password with two-factor",
       "User name       \\u001b[1myou@example.com\\u001b[22m",
       ""
      ]"
    `);
    const settings = { ...verified.settings, usernameFrom: 'assumed' } as const;
    const narrow = renderText({ ...verified, settings }, { ...options, width: 34, color: true });
    expect(narrow).toContain('\u001b[1myou@example.com\u001b[22m\n                (assumed)\n');
    for (const report of Object.values(everyKind)) {
      const all = { ...options, all: true, explain: true, heading: true };
      const shown = renderText(report, { ...all, color: true });
      expect(stripVTControlCharacters(shown)).toBe(renderText(report, { ...all, color: false }));
    }
  });

  it.each([40, 60, 80, 100, 120])('breaks no word and fills no more than %i columns', (width) => {
    for (const report of Object.values(everyKind)) {
      for (const heading of [false, true]) {
        const text = plain(report, { width, heading, all: true, explain: true });
        for (const line of text.split('\n')) {
          // What can't be broken (a host, a URL) may be longer, alone on its line.
          const words = line.trim().split(/ +/);
          if (words.length > 2) expect(displayWidth(line), line).toBeLessThanOrEqual(width);
          expect(line).toBe(line.trimEnd());
        }
      }
    }
  });

  it('shows neither escapes nor bidirectional overrides, whatever a report holds', () => {
    const hostile = JSON.parse(
      JSON.stringify(explained).replaceAll('example.com', 'ex\\u001b[31m\\u202eample.com'),
    ) as Report;
    const text = plain(hostile, { all: true, explain: true, heading: true });
    expect(text).not.toMatch(/[\u001b\u202e]/);
    expect(text).toContain('smtp.example.com');
  });
});
