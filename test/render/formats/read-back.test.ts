/** Values as the newer formats write them, read by each syntax's own rules: what went in comes out. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from '../../../src/model/printable.ts';
import { iniAddress } from '../../../src/render/formats/aerc.ts';
import { dmaUser, dmaValue } from '../../../src/render/formats/dma.ts';
import { eximUser } from '../../../src/render/formats/exim.ts';
import { remotesWord } from '../../../src/render/formats/nullmailer.ts';
import { secretsUser, smtpdString } from '../../../src/render/formats/opensmtpd.ts';
import { quotedString } from '../../../src/render/formats/quoted-string.ts';
import { rubyString } from '../../../src/render/formats/rails.ts';
import { propertyValue } from '../../../src/render/formats/spring.ts';
import { assignment } from '../../../src/render/formats/systemd.ts';
import { has, hostileReport, hostileText, render, reportWith, run } from './reports.ts';

const value = hostileText.map((text) => printable(text)).filter((text) => text !== '');
const code = (hex: string): string => String.fromCodePoint(Number.parseInt(hex, 16));

/** Every way to write a value, and the rules that its readers go by. */
const notations: readonly [
  name: string,
  write: (value: string) => string | null,
  read: (written: string) => string | undefined,
][] = [
  [
    'nullmailer',
    (text) => remotesWord(text),
    (text) => (text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/gu, '$1') : text),
  ],
  [
    'TOML and YAML',
    (text) => quotedString(text),
    (text) =>
      text
        .slice(1, -1)
        .replace(/\\(?:U([0-9a-f]{8})|(.))/gu, (_, hex: string | undefined, plain: string) =>
          hex === undefined ? plain : code(hex),
        ),
  ],
  [
    'Ruby',
    (text) => rubyString(text),
    (text) =>
      text.startsWith("'")
        ? text.slice(1, -1).replace(/\\([\\'])/g, '$1')
        : text.slice(1, -1).replace(/\\u\{([0-9a-f]+)\}/g, (_, hex: string) => code(hex)),
  ],
  [
    'properties',
    (text) => propertyValue(text),
    // As java.util.Properties has it: leading white space goes.
    (text) =>
      text
        .replace(/^[ \t\f]+/, '')
        .replace(/\\(?:u([0-9a-f]{4})|(.))/g, (_, hex: string | undefined, plain: string) =>
          hex === undefined ? plain : String.fromCharCode(Number.parseInt(hex, 16)),
        ),
  ],
  [
    'systemd',
    (text) => assignment('A', text),
    (text) =>
      (text.startsWith('"') ? text.slice(1, -1).replace(/\\(["\\])/g, '$1') : text)
        .replaceAll('%%', '%')
        .slice('A='.length),
  ],
  ['smtpd.conf', (text) => smtpdString(text), (text) => text.slice(1, -1)],
  [
    'secrets',
    (text) => secretsUser(text),
    (text) => /^smarthost (\S+?):p$/.exec(`smarthost ${text}:p`)?.[1],
  ],
  ['passwd.client', (text) => eximUser(text), (text) => /^\*:([^:]*):p$/.exec(`*:${text}:p`)?.[1]],
  ['auth.conf', (text) => dmaUser(text), (text) => /^([^|]*)\|/.exec(`${text}|host:p`)?.[1]],
  ['dma.conf', (text) => dmaValue(text), (text) => /^A (\S+)$/.exec(`A ${text}`)?.[1]],
  ['accounts.conf', (text) => iniAddress(text), (text) => text],
];

describe('values', () => {
  it.each(notations)('%s: what went in comes out, on one line', (_, write, read) => {
    fc.assert(
      fc.property(value, (text) => {
        const written = write(text);
        if (written === null) return;
        expect(written).not.toMatch(/[\0-\x1f\x7f-\x9f\u2028\u2029]/);
        expect(read(written)).toBe(text);
      }),
      { numRuns: 400 },
    );
  });

  it.each(notations)('%s holds an ordinary name', (_, write) => {
    expect(write('you@example.com')).not.toBeNull();
    expect(write("o'brien+x@example.com")).not.toBeNull();
  });

  it('are left out where a reader would make something else of them', () => {
    expect(propertyValue(`$\{SMTP_PASSWORD}`)).toBeNull();
    expect(eximUser('a:b')).toBeNull();
    expect(eximUser('a^b')).toBeNull();
    expect(secretsUser('a b')).toBeNull();
    expect(secretsUser('a#b')).toBeNull();
    expect(dmaUser('a|b')).toBeNull();
    expect(dmaUser('#a')).toBeNull();
    expect(smtpdString('a"b')).toBeNull();
    expect(iniAddress('`a`@example.com')).toBeNull();
    expect(iniAddress('a;b')).toBeNull();
    expect(remotesWord('a\nb')).toBeNull();
    expect(assignment('A', 'a\nb')).toBeNull();
  });
});

const python = has('python3', '-c', 'import tomllib');

describe.skipIf(!python)('in Python', () => {
  it('tomllib reads every value back as it was', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 20, maxLength: 60 }), (values) => {
        const file = `a = [${values.map((text) => quotedString(text)).join(', ')}]`;
        const script =
          'import json, sys, tomllib; print(json.dumps(tomllib.load(sys.stdin.buffer)))';
        expect(JSON.parse(run('python3', ['-c', script], { input: file }))).toEqual({ a: values });
      }),
      { numRuns: 10 },
    );
  });

  it('a settings.py of Django’s names exactly these settings', () => {
    const script =
      'import json, sys; names = {}; exec(sys.stdin.buffer.read(), names); print(json.dumps({k: v for k, v in names.items() if k.isupper()}))';
    const env = { ...process.env, SMTP_PASSWORD: 'the secret' };
    fc.assert(
      fc.property(hostileReport, value, (report, username) => {
        const input = render('django', reportWith({ username }, { warnings: report.warnings }));
        expect(JSON.parse(run('python3', ['-c', script], { input, env }))).toEqual({
          EMAIL_BACKEND: 'django.core.mail.backends.smtp.EmailBackend',
          EMAIL_HOST: 'smtp.example.com',
          EMAIL_PORT: 465,
          EMAIL_USE_SSL: true,
          EMAIL_USE_TLS: false,
          EMAIL_HOST_USER: username,
          EMAIL_HOST_PASSWORD: 'the secret',
          EMAIL_TIMEOUT: 30,
          DEFAULT_FROM_EMAIL: 'you@example.com',
          SERVER_EMAIL: 'you@example.com',
        });
      }),
      { numRuns: 15 },
    );
  });
});

describe('what belongs in another file', () => {
  it.each([
    ['exim', '/etc/exim4/passwd.client', '# *:you@example.com:YOUR-PASSWORD'],
    ['opensmtpd', '/etc/mail/secrets', '# smarthost you@example.com:YOUR-PASSWORD'],
    ['dma', '/etc/dma/auth.conf', '# you@example.com|smtp.example.com:YOUR-PASSWORD'],
    ['nullmailer', '/etc/nullmailer/allmailfrom', '# you@example.com'],
  ])('%s: stands below as a comment, with its path', (name, path, line) => {
    const lines = render(name, reportWith()).trimEnd().split('\n');
    expect(lines.at(-1)).toBe(line);
    expect(lines.at(-2)).toContain(`# In ${path}`);
  });

  it('has no line of a stranger’s making', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        for (const name of ['exim', 'opensmtpd', 'dma', 'nullmailer']) {
          for (const line of render(name, report).split('\n')) {
            if (line.startsWith('# ') || line === '') continue;
            expect(line).not.toContain('evil');
          }
        }
      }),
    );
  });
});

describe('systemd', () => {
  it('has no password in the unit, and says how to encrypt one', () => {
    const text = render('systemd', reportWith());
    expect(text).not.toContain('SMTP_PASSWORD=');
    expect(text).toContain('systemd-creds encrypt --name=smtp-password');
    expect(text).toContain('LoadCredentialEncrypted=smtp-password:');
  });
});
