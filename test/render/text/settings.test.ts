/** What to choose, and what else a form asks for, in plain words. */
import { describe, expect, it } from 'vitest';
import { renderText, type TextOptions } from '../../../src/render/text/text.ts';
import type { Report } from '../../../src/report/report.ts';
import { NOW, verified } from '../samples.ts';

type Note = NonNullable<Report['provider']>['notes'][number];

function rows(changes: Partial<Report>, options: Partial<TextOptions> = {}): string {
  const report: Report = { ...verified, ...changes };
  const text = renderText(report, { width: 80, color: false, unicode: true, now: NOW, ...options });
  return text.slice(0, text.indexOf('\n\n'));
}

const noted = (...notes: Note[]): Partial<Report> => ({
  provider: { ...verified.provider, notes },
});
const appPassword = (when: 'always' | 'two-factor'): Note => ({
  code: 'app-password',
  when,
  message: 'Make one.',
});
const registered = (registration: 'open' | 'approval'): Partial<Report> => ({
  settings: { ...verified.settings, oauth: { ...verified.settings.oauth, registration } },
});

describe('which sign-in to choose', () => {
  it.each<[string, Partial<Report>, string]>([
    [
      'an app password is needed',
      noted(appPassword('always')),
      'simplest: normal password with an app password',
    ],
    [
      'one is needed with two factors',
      noted(appPassword('two-factor')),
      'simplest: normal password, or an app password with two-factor',
    ],
    [
      'OAuth2 needs approval',
      { ...noted(appPassword('always')), ...registered('approval') },
      'choose normal password with an app password',
    ],
    [
      'OAuth2 needs approval, and nothing else is known',
      { ...noted(), ...registered('approval') },
      'choose normal password: OAuth2 is for approved programs',
    ],
    [
      'passwords are ending',
      noted(
        { code: 'admin-must-enable', message: 'First.' },
        { code: 'passwords-ending', date: '2026-12', message: 'Soon.' },
      ),
      'choose OAuth2 if the program has it: passwords are ending',
    ],
    [
      'an administrator decides',
      noted({ code: 'admin-must-enable', message: 'First.' }),
      'OAuth2 if the program has it, else normal password, once an\n                administrator allows it',
    ],
    [
      'the provider says nothing of it',
      noted(),
      'OAuth2 if the program has it, else normal password',
    ],
    [
      'the database does not know the server',
      { provider: null },
      'OAuth2 if the program has it, else normal password',
    ],
  ])('is said where %s', (_, changes, words) => {
    expect(rows(changes)).toContain(`OAuth2 (XOAUTH2)\n                ${words}\n`);
    expect(rows(changes, { quiet: true })).not.toContain(words);
  });

  it('is not said where there is no choice', () => {
    const settings = { ...verified.settings, auth: ['PLAIN'] };
    const text = rows({ ...noted(appPassword('always')), settings });
    expect(text).toMatch(/\nAuthentication {2}normal password \(PLAIN\)\nUser name/);
  });

  it('is no question for a printer where only OAuth2 is left, unless the note says so', () => {
    const settings = { ...verified.settings, auth: ['XOAUTH2'] };
    const only = 'a printer or program without OAuth 2.0 cannot send';
    expect(rows({ ...noted(), settings })).toContain(only);
    const note = { code: 'oauth2-only', message: 'No printers.' };
    expect(rows({ ...noted(note), settings })).not.toContain(only);
  });
});

describe('a user name that is assumed', () => {
  const settings = {
    ...verified.settings,
    username: '%EMAILADDRESS%',
    usernameFrom: 'assumed',
  } as const;

  it('is explained beside it where a server was named alone, of which no warning does', () => {
    const alone = { settings, email: null, domain: null };
    expect(rows(alone).replace(/\s+/g, ' ')).toContain(
      '(assumed: if it is refused, try the part before the @)',
    );
    expect(rows({ settings })).toContain('your full address (assumed)');
    expect(rows(alone, { quiet: true })).toContain('your full address (assumed)');
  });
});

describe('what else a form asks for', () => {
  const bound = noted({ code: 'sender-must-match', message: 'Any other is refused.' });

  it('is the sender, where the provider is particular about it', () => {
    expect(rows(bound)).toMatch(
      /\nSender {10}you@example\.com \(others only as the note below allows\)$/,
    );
    expect(rows({ ...bound, email: null })).not.toContain('Sender');
    expect(rows(bound, { quiet: true })).not.toContain('Sender');
    expect(rows(noted())).not.toContain('Sender');
    // The address may be somebody else's.
    for (const source of ['given', 'mail-records', 'guess'] as const) {
      const evidence = verified.settings.evidence.map((each) => ({ ...each, source }));
      const settings = { ...verified.settings, evidence };
      expect(rows({ ...bound, settings })).not.toContain('Sender');
    }
  });

  it('is another port, for a device that lacks the best', () => {
    const host = 'smtp.example.com';
    const alsoOffered = [
      { host, port: 587, encryption: 'starttls' },
      { host, port: 2525, encryption: 'starttls' },
    ] as const;
    expect(rows({ alsoOffered }, { width: 100 })).toMatch(
      /\nAlso listed {5}port 587, STARTTLS; port 2525, STARTTLS \(if a device knows only STARTTLS\)$/,
    );
    const settings = { ...verified.settings, port: 587, encryption: 'starttls' } as const;
    const better = [{ host, port: 465, encryption: 'tls' }] as const;
    expect(rows({ settings, alsoOffered: better })).toMatch(/\nAlso listed {5}port 465, SSL\/TLS$/);
  });
});
