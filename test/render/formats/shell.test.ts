/** What a real shell makes of the formats that are read by one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from '../../../src/model/printable.ts';
import { shellComment } from '../../../src/render/formats/comments.ts';
import { shellWord } from '../../../src/render/formats/shell-words.ts';
import { has, hostileReport, hostileText, render, reportWith, run } from './reports.ts';

const shells = [
  ['sh', '-c'],
  ['bash', '-c'],
  ['zsh', '-fc'],
  ['fish', '-Nc'],
].filter(([shell = '', flag = '']) => has(shell, flag, 'exit 0'));

const lines = (text: string): string[] => text.split('\n').slice(0, -1);

describe.skipIf(!has('sh', '-c', 'exit 0'))('in a shell', () => {
  it.each(shells)('%s reads every word back as it was', (shell = '', flag = '') => {
    fc.assert(
      fc.property(fc.array(hostileText, { minLength: 20, maxLength: 60 }), (texts) => {
        const values = texts.map((text) => printable(text));
        const words = values.map((value) => shellWord(value));
        expect(lines(run(shell, [flag, `printf '%s\\n' ${words.join(' ')}`]))).toEqual(values);
      }),
      { numRuns: 8 },
    );
  });

  it('refuses to paste what a terminal would act upon', () => {
    for (const value of ['a\nb', 'a\rb', '\u001b[201~', 'a\0b', 'a\u202eb']) {
      expect(shellWord(value)).toBeNull();
    }
  });

  it('comments expand to nothing, even where # begins none', () => {
    fc.assert(
      fc.property(fc.array(hostileText, { minLength: 20, maxLength: 60 }), (texts) => {
        const comments = texts.map((text) => shellComment(text).slice(1));
        const script = comments.map((comment) => `comment ${comment}`).join('\n');
        const shown = run('sh', ['-c', `comment() { echo "$*"; }\nPATH=\n${script}`]);
        const words = comments.map((comment) => comment.trim().replace(/ +/g, ' '));
        expect(lines(shown)).toEqual(words);
      }),
      { numRuns: 10 },
    );
  });

  it.each(['git', 'swaks'])(
    '%s runs that program, with those options, and nothing else',
    (name) => {
      // Each argument within marks, so that one that was split or expanded shows.
      const script = `${name}() { printf '\\1%s\\2' ${name} "$@"; echo; }\nPATH=\n`;
      fc.assert(
        fc.property(hostileReport, (report) => {
          const calls = lines(run('sh', ['-c', script + render(name, report)]));
          const { settings } = report;
          for (const call of calls) {
            const [first, ...others] = call.slice(1, -1).split('\u0002\u0001');
            expect(first).toBe(name);
            if (name === 'git') expect(others).toHaveLength(4);
          }
          const user = settings === null ? '' : printable(settings.username);
          if (
            calls.length > 0 &&
            report.email === settings?.username &&
            user === settings?.username
          ) {
            expect(calls.join('')).toContain(user);
          }
        }),
        { numRuns: 100 },
      );
    },
  );
});

describe.skipIf(!has('sh', '-c', 'exit 0') || !has('git', '--version'))('git', () => {
  it('holds exactly the settings after the commands were run', () => {
    const directory = mkdtempSync(join(tmpdir(), 'smtp-find-git-'));
    const env = {
      ...process.env,
      GIT_CONFIG_GLOBAL: join(directory, 'config'),
      GIT_CONFIG_NOSYSTEM: '1',
    };
    try {
      fc.assert(
        fc.property(
          hostileText.map((text) => printable(text) || '-x'),
          (username) => {
            run('sh', ['-c', render('git', reportWith({ username }))], { env });
            const held = run('git', ['config', '--global', '--null', '--list'], { env });
            expect(
              Object.fromEntries(
                held
                  .split('\0')
                  .slice(0, -1)
                  .map((entry) => entry.split(/\n(.*)/s)),
              ),
            ).toEqual({
              'sendemail.smtpserver': 'smtp.example.com',
              'sendemail.smtpserverport': '465',
              'sendemail.smtpencryption': 'ssl',
              'sendemail.smtpuser': username,
              'sendemail.from': 'you@example.com',
            });
          },
        ),
        { numRuns: 20 },
      );
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('leaves nothing of an earlier server that takes a token only', () => {
    const directory = mkdtempSync(join(tmpdir(), 'smtp-find-git-'));
    const env = {
      ...process.env,
      GIT_CONFIG_GLOBAL: join(directory, 'config'),
      GIT_CONFIG_NOSYSTEM: '1',
    };
    try {
      for (const auth of [['XOAUTH2'], ['PLAIN'], ['PLAIN']]) {
        run('sh', ['-ec', render('git', reportWith({ auth }))], { env });
        const held = run('git', ['config', '--global', '--list'], { env });
        expect(held.includes('sendemail.smtpauth=XOAUTH2')).toBe(auth[0] === 'XOAUTH2');
        expect(held.match(/smtpserver=/g)).toHaveLength(1);
      }
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('calls STARTTLS tls, and implicit TLS ssl', () => {
    expect(render('git', reportWith({ port: 587, encryption: 'starttls' }))).toContain(
      'smtpEncryption tls\n',
    );
    expect(render('git', reportWith())).toContain('smtpEncryption ssl\n');
  });
});

describe('a comment that may stand at a prompt', () => {
  it.each([
    [
      'Sources disagree: a.example:465 (SSL/TLS) was found; b.example:587 (STARTTLS).',
      '# Sources disagree: a.example:465, SSL/TLS, was found, b.example:587, STARTTLS.',
    ],
    ['Are you online? See "Settings" & Help!', '# Are you online. See Settings and Help.'],
    ['AT&T (formerly Yahoo)', '# AT and T, formerly Yahoo'],
  ])('reads as a sentence: %s', (sentence, comment) => {
    expect(shellComment(sentence)).toBe(comment);
  });
});

describe('swaks', () => {
  it('goes to the end of AUTH over verified TLS, and asks for the password', () => {
    expect(render('swaks', reportWith()).split('\n').at(-2)).toBe(
      'swaks --server smtp.example.com --port 465 --tls-on-connect --tls-verify --auth PLAIN --auth-user you@example.com --protect-prompt --auth-hide-password --quit-after AUTH',
    );
    expect(render('swaks', reportWith({ encryption: 'starttls' }))).toContain(
      ' --tls --tls-verify ',
    );
    expect(render('swaks', reportWith({ auth: ['SCRAM-SHA-256', 'LOGIN'] }))).toContain(
      '--auth LOGIN ',
    );
  });

  it('takes no user name for an option', () => {
    const text = render('swaks', reportWith({ username: '--pipe' }));
    expect(text).toContain('--auth-user YOUR-USER-NAME');
    expect(text).toContain('The user name holds characters that cannot be written here safely');
  });
});
