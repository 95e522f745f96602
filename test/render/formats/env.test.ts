import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from '../../../src/model/printable.ts';
import { dotenvValue } from '../../../src/render/formats/env.ts';
import { has, hostileReport, hostileText, render, reportWith, run, statements } from './reports.ts';

const KEYS = [
  'SMTP_HOST',
  'SMTP_PORT',
  'SMTP_ENCRYPTION',
  'SMTP_SECURE',
  'SMTP_REQUIRE_TLS',
  'SMTP_USER',
  'SMTP_PASSWORD',
  'SMTP_FROM',
];

/**
 * The rules of the package dotenv for a value on one line: quotes of any of three kinds around it
 * go; `\n` and `\r` are escapes in double quotes; bare, a `#` begins a comment.
 */
function readDotenv(text: string): Record<string, string> {
  const read: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const [, key, rest = ''] = /^([\w.-]+)=(.*)$/.exec(line) ?? [];
    if (key === undefined) continue;
    const [, quote, inside = ''] = /^(['"`])((?:\\\1|(?!\1).)*)\1\s*(?:#.*)?$/.exec(rest) ?? [];
    if (quote === undefined) read[key] = rest.replace(/#.*/, '').trim();
    else read[key] = quote === '"' ? inside.replace(/\\n/g, '\n').replace(/\\r/g, '\r') : inside;
  }
  return read;
}

function readShell(text: string): Record<string, string> {
  const script = `${text}\nprintf '%s\\n' ${KEYS.map((key) => `"$${key}"`).join(' ')}`;
  const values = run('sh', ['-c', `PATH=\n${script}`]).split('\n');
  return Object.fromEntries(KEYS.map((key, i) => [key, values[i] ?? '']));
}

const readers: [string, (text: string) => Record<string, string>][] = [
  ['dotenv', readDotenv],
  ...(typeof parseEnv === 'function'
    ? [['node --env-file', (text) => ({ ...parseEnv(text) })] as [string, typeof readDotenv]]
    : []),
  ...(has('sh', '-c', 'exit 0') ? [['source', readShell] as [string, typeof readDotenv]] : []),
];

describe('env', () => {
  it('has all that a program needs, bare where possible', () => {
    expect(statements(render('env', reportWith({ port: 587, encryption: 'starttls' })))).toEqual([
      'SMTP_HOST=smtp.example.com',
      'SMTP_PORT=587',
      'SMTP_ENCRYPTION=starttls',
      'SMTP_SECURE=false',
      'SMTP_REQUIRE_TLS=true',
      'SMTP_USER=you@example.com',
      'SMTP_PASSWORD=YOUR-PASSWORD',
      'SMTP_FROM=you@example.com',
    ]);
  });

  it('quotes what has to be quoted', () => {
    expect(dotenvValue("o'brien@example.com")).toBe('"o\'brien@example.com"');
    expect(dotenvValue('"a b"@example.com')).toBe('\'"a b"@example.com\'');
    expect(dotenvValue('`id`#x;!')).toBe("'`id`#x;!'");
    for (const value of ['a\\b', '$HOME', "it's `id`", 'a\nb'])
      expect(dotenvValue(value)).toBeNull();
  });

  it.each(readers)('is read by %s as it was meant', (_, read) => {
    fc.assert(
      fc.property(hostileText, hostileText, (name, local) => {
        const username = printable(name) || 'x';
        const email = `${printable(local) || 'x'}@example.com`;
        const values = read(render('env', reportWith({ username }, { email })));
        expect(values).toEqual({
          SMTP_HOST: 'smtp.example.com',
          SMTP_PORT: '465',
          SMTP_ENCRYPTION: 'tls',
          SMTP_SECURE: 'true',
          SMTP_REQUIRE_TLS: 'true',
          SMTP_USER: dotenvValue(username) === null ? 'YOUR-USER-NAME' : username,
          SMTP_PASSWORD: 'YOUR-PASSWORD',
          SMTP_FROM: dotenvValue(email) === null ? 'YOUR-ADDRESS' : email,
        });
      }),
      { numRuns: 150 },
    );
  });

  it('holds nothing but its variables, whatever strangers say', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        for (const line of statements(render('env', report))) {
          expect(line).toMatch(/^SMTP_[A-Z_]+=/);
        }
      }),
    );
  });
});
