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
  ])('is said where %s', (_, changes, words) => {
    expect(rows(changes)).toContain(`OAuth2 (XOAUTH2)\n                ${words}\n`);
    expect(rows(changes, { quiet: true })).not.toContain(words);
  });

  it('is not said where nobody knows, or there is no choice', () => {
    const five = rows(noted()).split('\n').length;
    expect(rows({ ...noted(), provider: null }).split('\n')).toHaveLength(five);
    const settings = { ...verified.settings, auth: ['PLAIN'] };
    expect(rows({ ...noted(appPassword('always')), settings }).split('\n')).toHaveLength(five);
  });

  it('is no question for a printer where only OAuth2 is left, unless the note says so', () => {
    const settings = { ...verified.settings, auth: ['XOAUTH2'] };
    const only = 'a printer or program without OAuth 2.0 cannot send';
    expect(rows({ ...noted(), settings })).toContain(only);
    const note = { code: 'oauth2-only', message: 'No printers.' };
    expect(rows({ ...noted(note), settings })).not.toContain(only);
  });
});

describe('what else a form asks for', () => {
  const bound = noted({ code: 'sender-must-match', message: 'Any other is refused.' });

  it('is the sender, where the provider is particular about it', () => {
    expect(rows(bound)).toMatch(/\nSender {10}you@example\.com \(must be this address\)$/);
    expect(rows({ ...bound, email: null })).not.toContain('Sender');
    expect(rows(bound, { quiet: true })).not.toContain('Sender');
    expect(rows(noted())).not.toContain('Sender');
  });

  it('is another port, for a device that lacks the best', () => {
    const host = 'smtp.example.com';
    const alsoOffered = [
      { host, port: 587, encryption: 'starttls' },
      { host, port: 2525, encryption: 'starttls' },
    ] as const;
    expect(rows({ alsoOffered }, { width: 100 })).toMatch(
      /\nAlso offered {4}port 587, STARTTLS; port 2525, STARTTLS \(for a device without SSL\/TLS\)$/,
    );
    const settings = { ...verified.settings, port: 587, encryption: 'starttls' } as const;
    const better = [{ host, port: 465, encryption: 'tls' }] as const;
    expect(rows({ settings, alsoOffered: better })).toMatch(
      /\nAlso offered {4}port 465, SSL\/TLS$/,
    );
  });
});
