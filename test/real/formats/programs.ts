/** Each format, given to the program that it is for. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { attempt, type Output } from '../shell.ts';
import { PASSWORD, TOKEN } from './mailbox.ts';
import { type Program, RECIPIENT, render } from './program.ts';

const MESSAGE = 'To: friend@example.net\nSubject: a test\n\nHello.\n';
const PASSWORDS = [['PLAIN'], ['LOGIN'], ['CRAM-MD5', 'PLAIN']];
const DONE: Output = { code: 0, stdout: '', stderr: '' };

async function put(directory: string, name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, text);
  await chmod(path, 0o600);
  return path;
}

const msmtp: Program = {
  format: 'msmtp',
  name: 'msmtp',
  version: '1.8',
  package: 'msmtp',
  commands: ['msmtp'],
  auth: [...PASSWORDS, ['XOAUTH2']],
  sends: true,
  async use({ report, directory, cacert, env }) {
    const secret = report.settings?.auth.includes('XOAUTH2') ? TOKEN : PASSWORD;
    const text = render('msmtp', report).replace(
      '"YOUR-PASSWORD-COMMAND"',
      () => `"printf '%s' '${secret}'"`,
    );
    const file = await put(directory, 'msmtprc', text);
    const options = ['-C', file, '-a', 'example.com'];
    if (report.settings?.encryption !== 'none') {
      options.push(`--tls-trust-file=${cacert}`);
      const info = await attempt('msmtp', [...options, '--serverinfo'], { env });
      if (info.code !== 0) return info;
    }
    return await attempt('msmtp', [...options, RECIPIENT], { env, stdin: MESSAGE });
  },
};

const git: Program = {
  format: 'git',
  name: 'git send-email',
  version: '2.39',
  package: 'git-email',
  commands: ['git', '/usr/lib/git-core/git-send-email'],
  auth: PASSWORDS,
  sends: true,
  async use({ report, directory, cacert, env }) {
    const commands = await put(directory, 'commands', render('git', report));
    const run = await attempt('sh', ['-e', commands], { env });
    if (run.code !== 0) return run;
    const patch = await put(
      directory,
      'a.patch',
      `From: You <you@example.com>\nSubject: [PATCH] a test\n\nHello.\n---\n`,
    );
    const settings = [
      ...['-c', `credential.helper=!printf 'password=${PASSWORD}\\n'; :`],
      ...['-c', `sendemail.smtpSSLCertPath=${cacert}`],
      ...['-c', 'user.name=You', '-c', 'user.email=you@example.com'],
    ];
    const send = ['send-email', '--confirm=never', '--suppress-cc=all', `--to=${RECIPIENT}`];
    const dry = await attempt('git', [...settings, ...send, '--dry-run', patch], { env });
    if (dry.code !== 0) return dry;
    return await attempt('git', [...settings, ...send, patch], { env });
  },
};

const neomutt: Program = {
  format: 'mutt',
  name: 'NeoMutt',
  version: '20220429',
  package: 'neomutt',
  commands: ['neomutt'],
  auth: [...PASSWORDS, ['XOAUTH2']],
  sends: true,
  async use({ report, directory, cacert, env }) {
    const text = render('mutt', report).replace(
      "'YOUR-TOKEN-COMMAND'",
      () => `'printf "%s" "${TOKEN}"'`,
    );
    const file = await put(directory, 'muttrc', text);
    const more = [
      'copy = no',
      `ssl_ca_certificates_file = '${cacert}'`,
      `smtp_pass = '${PASSWORD}'`,
    ];
    const options = ['-n', '-F', file, ...more.flatMap((setting) => ['-e', `set ${setting}`])];
    const dump = await attempt('neomutt', [...options, '-D'], { env });
    if (dump.code !== 0 || dump.stderr !== '') return { ...dump, stdout: '', code: dump.code || 1 };
    return await attempt('neomutt', [...options, '-s', 'a test', RECIPIENT], {
      env: { ...env, TERM: 'dumb' },
      stdin: 'Hello.\n',
    });
  },
};

const swaks: Program = {
  format: 'swaks',
  name: 'swaks',
  version: '20201014',
  package: 'swaks',
  commands: ['swaks'],
  auth: [...PASSWORDS, []],
  sends: false,
  // Not in the version of Debian 12.
  checksNames: false,
  async use({ report, directory, cacert, env }) {
    // The password, for the prompt. There is no terminal that could hide it.
    const text = render('swaks', report).replace('--protect-prompt', '');
    const file = await put(directory, 'command', text);
    return await attempt('sh', [file], {
      env: { ...env, SSL_CERT_FILE: cacert },
      stdin: `${PASSWORD}\n`,
    });
  },
};

const python: Program = {
  format: 'python',
  name: 'smtplib of Python',
  version: '3.11',
  package: 'python3',
  commands: ['python3'],
  auth: [...PASSWORDS, ['XOAUTH2']],
  sends: false,
  async use({ report, directory, cacert, env }) {
    const file = await put(directory, 'script.py', render('python', report));
    return await attempt('python3', [file], {
      env: { ...env, SSL_CERT_FILE: cacert, SMTP_PASSWORD: PASSWORD, SMTP_ACCESS_TOKEN: TOKEN },
    });
  },
};

const curl: Program = {
  format: 'url',
  name: 'curl',
  version: '7.88',
  package: 'curl',
  commands: ['curl'],
  auth: [['PLAIN'], ['LOGIN']],
  sends: true,
  async use({ report, directory, cacert, env }) {
    // As docs/formats.md says: without what follows the port, and with the password in it.
    const url = withPassword(render('url', report)).replace(/\/\?.*/, '');
    const message = await put(directory, 'message', MESSAGE);
    const tls = report.settings?.encryption === 'none' ? [] : ['--ssl-reqd', '--cacert', cacert];
    const envelope = ['--mail-from', 'you@example.com', '--mail-rcpt', RECIPIENT, '-T', message];
    return await attempt('curl', ['-sS', ...tls, ...envelope, url], { env });
  },
};

/** Comes with smtp-server, which the lab runs on. */
const nodemailerModule = await import('nodemailer' as string).then(
  (module: { createTransport(options: unknown): { verify(): Promise<unknown> } }) => module,
  () => null,
);

const verifyObject: Program = {
  format: 'nodemailer',
  name: 'nodemailer',
  version: '10.6',
  package: null,
  commands: nodemailerModule ? [] : ['the package nodemailer'],
  auth: [...PASSWORDS, ['XOAUTH2']],
  sends: false,
  async use({ report, cacert }) {
    const process = { env: { SMTP_PASSWORD: PASSWORD, SMTP_ACCESS_TOKEN: TOKEN } };
    const text = render('nodemailer', report);
    return await verify(runInNewContext(`(${text})`, { process }) as object, cacert);
  },
};

const verifyUrl: Program = {
  format: 'url',
  name: 'nodemailer',
  version: '10.6',
  package: null,
  commands: nodemailerModule ? [] : ['the package nodemailer'],
  auth: PASSWORDS,
  sends: false,
  use: ({ report, cacert }) => verify({ url: withPassword(render('url', report)) }, cacert),
};

async function verify(options: object, cacert: string): Promise<Output> {
  const { readFile } = await import('node:fs/promises');
  const tls = { ca: await readFile(cacert, 'utf8') };
  await nodemailerModule?.createTransport({ ...options, tls }).verify();
  return DONE;
}

function withPassword(url: string): string {
  return url.trim().replace('@', () => `:${encodeURIComponent(PASSWORD)}@`);
}

export const programs: readonly Program[] = [
  msmtp,
  git,
  neomutt,
  swaks,
  python,
  verifyObject,
  verifyUrl,
  curl,
];

export async function emptyDirectory(parent: string, name: string): Promise<string> {
  const path = join(parent, name);
  await mkdir(path);
  return path;
}
