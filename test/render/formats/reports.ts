/** Reports to render: a plain one with any change, and hostile ones. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { NO_LINKS, publishedOAuth } from '../../../src/model/candidate.ts';
import { formats } from '../../../src/render/formats/index.ts';
import type { Report, Settings } from '../../../src/report/report.ts';
import { verified } from '../samples.ts';

export function reportWith(settings: Partial<Settings> = {}, report: Partial<Report> = {}): Report {
  return { ...verified, ...report, settings: { ...verified.settings, ...settings } };
}

export function bareDomain(settings: Partial<Settings> = {}): Report {
  return reportWith(
    { username: '%EMAILADDRESS%', ...settings },
    { query: 'example.com', email: null },
  );
}

export function render(name: string, report: Report): string {
  const format = formats.find((item) => item.name === name);
  if (!format) throw new Error(`no format ${name}`);
  return format.render(report);
}

/** The lines that are neither empty nor comments. */
export function statements(text: string): string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

const NASTY = [
  "'",
  '"',
  '`id`',
  '$(id)',
  '$HOME',
  `$\{HOME}`,
  '\n',
  '\r\n',
  '\r',
  '\0',
  '\\',
  '\\\n',
  '#',
  ' #',
  ';id;',
  '&&id',
  '|id',
  '>x',
  '-->',
  '--',
  ']]>',
  '<!--',
  '</username>',
  '&amp;',
  '%EMAILADDRESS%',
  '%U',
  '%0a',
  '\u001b[201~',
  '\u2028',
  '\u0085',
  ' ',
  '  ',
  '-x',
  '--help',
  'coding=utf-7',
  '*/',
  '//',
  '~',
  '!!',
  '*',
  '[a]',
  '{a,b}',
  '=ls',
  ':',
  ',',
  '\u202e',
  'é',
  '語',
  '😀',
  '\ud800',
  '\nset x = y',
  '\nhost evil',
  "'\n'",
  '\t',
];

export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...NASTY) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
      { weight: 2, arbitrary: fc.constantFrom('you', '@', 'example.com', "o'brien", 'x') },
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

/** Every string that could have come from the network is hostile. */
export const hostileReport: fc.Arbitrary<Report> = fc
  .record({
    host: fc.oneof(fc.constant('smtp.example.com'), fc.constant('2001:db8::1'), hostileText),
    port: fc.constantFrom(25, 465, 587, 65536, 1.5, -1),
    encryption: fc.constantFrom('tls' as const, 'starttls' as const, 'none' as const),
    auth: fc.array(
      fc.oneof(
        fc.constantFrom(
          'PLAIN',
          'LOGIN',
          'CRAM-MD5',
          'SCRAM-SHA-256',
          'XOAUTH2',
          'OAUTHBEARER',
          'GSSAPI',
        ),
        hostileText,
      ),
      { maxLength: 4 },
    ),
    username: hostileText,
    email: fc.option(hostileText),
    domain: fc.option(fc.oneof(fc.constant('example.com'), hostileText)),
    text: fc.array(hostileText, { minLength: 4, maxLength: 4 }),
    isVerified: fc.boolean(),
  })
  .map(({ host, port, encryption, auth, username, email, domain, text, isVerified }) => {
    const [query = '', message = '', name = '', note = ''] = text;
    return reportWith(
      {
        host,
        port,
        encryption,
        auth,
        username,
        oauth: publishedOAuth({
          issuer: name,
          authorizationEndpoint: note,
          tokenEndpoint: message,
          scopes: text,
        }),
      },
      {
        query,
        email,
        domain,
        status: isVerified ? 'verified' : 'unverified',
        warnings: [{ code: 'protocol-error', message }],
        provider: {
          id: null,
          name,
          documentation: note,
          notes: [{ code: note, message: note }],
          links: { enable: note, appPassword: note, oauthRegistration: note },
          confirmed: null,
        },
      },
    );
  });

/** Whether a program is there to test with. */
export function has(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

/** Runs a program, and fails on any complaint. */
export function run(
  program: string,
  args: readonly string[],
  options: { readonly input?: string; readonly env?: NodeJS.ProcessEnv } = {},
): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    timeout: 20_000,
    maxBuffer: 32 * 2 ** 20,
    ...options,
  });
  if (error) throw error;
  if (status !== 0 || stderr !== '') throw new Error(`${program}: ${status} ${stderr}`);
  return stdout;
}

/** What docs/formats.md shows: the demo's school. */
export const school: Report = reportWith(
  {
    host: 'smtp.school.example',
    auth: ['PLAIN', 'LOGIN'],
    username: 'you@school.example',
    oauth: null,
  },
  {
    query: 'you@school.example',
    email: 'you@school.example',
    domain: 'school.example',
    provider: {
      id: null,
      name: 'Mail of school.example',
      documentation: null,
      notes: [],
      links: NO_LINKS,
      confirmed: null,
    },
  },
);
