/** Where the documents' commands run: their domains, their files, and the programs they name. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clientConfig } from '../lab/client-config.ts';
import { createLab, type LabOptions } from '../lab/lab.ts';
import type { Scenario, ServerDescription } from '../lab/scenario.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const domains = ['example.com', 'example.org', 'school.example'];
const users = { 'you@example.com': 'correct-horse', apikey: 'correct-horse' };

function scenario(server: ServerDescription): Scenario {
  return {
    zone: { 'gmail.com': { MX: '5 gmail-smtp-in.l.google.com' } },
    web: Object.fromEntries(
      domains.map((domain) => [
        `https://autoconfig.${domain}/mail/config-v1.1.xml`,
        clientConfig(domain, `smtp.${domain}`),
      ]),
    ),
    servers: {
      'smtp.example.com:465': server,
      'smtp.example.com:587': { users },
      'smtp.example.org:465': {},
      'smtp.school.example:465': {},
      'smtp.sendgrid.net:465': { users },
      'smtp.gmail.com:465': { auth: ['LOGIN', 'PLAIN', 'XOAUTH2', 'OAUTHBEARER'] },
      'smtp.gmail.com:587': { auth: ['LOGIN', 'PLAIN', 'XOAUTH2', 'OAUTHBEARER'] },
      'smtp-mail.outlook.com:587': {
        auth: ['LOGIN', 'XOAUTH2'],
        users: { 'you@outlook.com': 'ya29.token' },
      },
    },
  };
}

/** The server of a provider with OAuth 2.0, for who has a token. */
const withTokens: ServerDescription = {
  script: async (peer) => {
    peer.send('220 smtp.example.com ESMTP');
    for (let line = await peer.line(); line !== null; line = await peer.line()) {
      const verb = line.split(' ', 1)[0];
      if (verb === 'EHLO') peer.send('250-smtp.example.com', '250 AUTH OAUTHBEARER');
      else if (verb === 'AUTH') peer.send('235 2.7.0 Welcome');
      else peer.send(verb === 'QUIT' ? '221 2.0.0 Bye' : '250 2.0.0 OK');
    }
  },
};

const addresses = ['alice@example.com', 'bob@example.org', 'you@gmail.com', 'carol@example.com'];
const csv = ['address,name', ...addresses.map((address) => `${address},Somebody`)];

/** What a reader is taken to have. */
const files: Readonly<Record<string, readonly string[]>> = {
  'addresses.txt': addresses,
  'customers.csv': csv,
  'list.csv': csv,
  'key.txt': ['correct-horse'],
  '.env': ['SMTP_HOST=smtp.school.example'],
  // Of an earlier run that was interrupted.
  'found.ndjson': [earlier('alice@example.com', true), earlier('bob@example.org', false)],
};

function earlier(query: string, complete: boolean): string {
  return JSON.stringify({ version: 1, query, status: 'verified', complete, warnings: [] });
}

/** Programs that the documents only speak of, or that would reach out. */
const standIns: Readonly<Record<string, string>> = {
  pass: '[ "$*" = "mail/you" ] || [ "$*" = "show mail/you" ] && echo correct-horse',
  'secret-tool': '[ "$*" = "lookup mail you" ] && echo correct-horse',
  'your-oauth2-helper': 'echo ya29.token',
  curl: authorizationServer(),
  sleep: '',
  // On the machine behind it, what follows the host is a command for a shell.
  ssh: [
    'while case $1 in -*) ;; *) false ;; esac; do shift; done',
    'shift; [ "$1" = -- ] && shift',
    'exec sh -c "$*"',
  ].join('\n'),
  // In a fresh clone. .ci/run does it for real.
  npm: '[ "$*" = ci ]',
};

/** Answers as one of OAuth 2.0 (RFC 8628, RFC 6749 §6), if everything it needs is there. */
function authorizationServer(): string {
  const microsoft = 'https://login.microsoftonline.com/consumers/oauth2/v2.0';
  const grant = 'urn:ietf:params:oauth:grant-type:device_code';
  const requests = {
    [`${microsoft}/devicecode -d client_id=* --data-urlencode scope=https://outlook.office.com/SMTP.Send offline_access`]:
      { device_code: 'D', user_code: 'A-B', verification_uri: 'https://www.microsoft.com/link' },
    [`${microsoft}/token -d client_id=* -d grant_type=${grant} --data-urlencode device_code=D`]: {
      access_token: 'ya29.token',
      refresh_token: 'R',
    },
    [`${microsoft}/token -d client_id=* -d grant_type=refresh_token --data-urlencode refresh_token=R`]:
      { access_token: 'ya29.another' },
  };
  const cases = Object.entries(requests).map(
    ([pattern, answer]) =>
      `  ${`-s ${pattern}`.replaceAll(' ', '\\ ')}) echo '${JSON.stringify(answer)}' ;;`,
  );
  return ['case "$*" in', ...cases, '  *) exit 22 ;;', 'esac'].join('\n');
}

/** All else that commands may name without a Debian package; a new one has to be added here. */
const everywhere = ['bash', 'sh', 'cat', 'sort'];

export interface DocsWorld {
  /** The library, steered into the lab. */
  readonly options: LabOptions;
  /** A new folder with the files, where a lesson can be run. */
  folder(): string;
  /** Only the programs of this file are there, and those of Debian packages if wanted. */
  env(packaged: boolean): NodeJS.ProcessEnv;
  /** What `npm ci` would be run in. */
  readonly clone: string;
  /** What each list in the folder holds. */
  readonly addresses: readonly string[];
  stop(): Promise<void>;
}

export async function createDocsWorld(): Promise<DocsWorld> {
  const scratch = mkdtempSync(join(tmpdir(), 'smtp-find-docs-'));
  const lab = await createLab(scenario({ users }));
  const tokens = await createLab(scenario(withTokens));

  const clone = join(scratch, 'clone');
  const bin = join(scratch, 'bin');
  mkdirSync(join(clone, 'bin'), { recursive: true });
  mkdirSync(bin);
  // As the real one, but in the lab.
  writeFileSync(
    join(clone, 'bin', 'smtp-find.js'),
    `const args = ${JSON.stringify({ lab: lab.args, tokens: tokens.args })};
process.argv.splice(2, 0, ...(process.env.SMTP_FIND_TOKEN ? args.tokens : args.lab));
await import(${JSON.stringify(new URL('../../bin/smtp-find.js', import.meta.url).href)});
`,
  );
  writeFileSync(join(clone, 'package.json'), '{"type":"module"}\n');
  symlinkSync(join(root, 'man'), join(clone, 'man'));
  const script = (name: string, text: string): void => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  script('smtp-find', `exec "${process.execPath}" "${clone}/bin/smtp-find.js" "$@"`);
  for (const [name, text] of Object.entries(standIns)) script(name, text);

  const own = join(scratch, 'own');
  mkdirSync(own);
  symlinkSync(process.execPath, join(own, 'node'));
  for (const name of everywhere) {
    const where = execFileSync('sh', ['-c', 'command -v "$0"', name], { encoding: 'utf8' });
    symlinkSync(where.trim(), join(own, name));
  }

  let count = 0;
  return {
    options: lab.options,
    addresses,
    folder() {
      const folder = join(scratch, String(++count));
      execFileSync('cp', ['-R', clone, folder]);
      for (const [name, lines] of Object.entries(files)) {
        writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
      }
      return folder;
    },
    clone,
    env: (packaged) => ({
      PATH: [bin, own, ...(packaged ? [process.env.PATH ?? ''] : [])].join(delimiter),
      HOME: scratch,
      LANG: 'C.UTF-8',
      TERM: 'xterm',
      NO_COLOR: '1',
      CI: '1', // no progress line on the terminal
      SHELL: '/bin/sh', // which GNU parallel wants
      SMTP_FIND_REPOSITORY: clone,
    }),
    async stop() {
      await Promise.all([lab.stop(), tokens.stop()]);
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}
