/**
 * `npm run picture`: the pictures in the README, of the real program at work on a real terminal. It
 * asks the tests' lab, an internet of our own on loopback.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLab } from '../test/lab/lab.ts';
import type { Scenario } from '../test/lab/scenario.ts';
import { hasPseudoTerminals, runOnTerminal } from './picture/pseudo-terminal.ts';
import { screenOf } from './picture/screen.ts';
import { drawScreen, themes } from './picture/svg.ts';

const SIZE = { columns: 80, rows: 60 };
const TITLE = 'smtp-find in a terminal: settings that were verified, and some that could not be';

/** Each command, in the order of the picture. Nothing of what they print depends on the day. */
const commands: readonly (readonly string[])[] = [['you@bakery.example'], ['you@choir.example']];

const scenario: Scenario = {
  zone: {
    'bakery.example': { MX: '1 aspmx.l.google.com' },
  },
  web: {
    'https://autoconfig.choir.example/mail/config-v1.1.xml': `<clientConfig version="1.1">
  <emailProvider id="choir.example">
    <domain>choir.example</domain>
    <outgoingServer type="smtp">
      <hostname>mail.choir.example</hostname>
      <port>587</port>
      <socketType>STARTTLS</socketType>
      <authentication>password-cleartext</authentication>
      <username>%EMAILADDRESS%</username>
    </outgoingServer>
  </emailProvider>
</clientConfig>`,
  },
  servers: {
    'smtp.gmail.com:465': { auth: ['LOGIN', 'PLAIN', 'XOAUTH2', 'OAUTHBEARER'] },
    'smtp.gmail.com:587': { auth: ['LOGIN', 'PLAIN', 'XOAUTH2', 'OAUTHBEARER'] },
    'mail.choir.example:587': { certificate: { names: ['web17.hoster.example'] } },
  },
};

/** By name of the file. @throws Error where there are no pseudo-terminals */
export async function pictures(): Promise<ReadonlyMap<string, string>> {
  if (!hasPseudoTerminals()) throw new Error('this needs python3, for its pseudo-terminals');
  const screen = await screenOf(await session(), SIZE);
  return new Map(
    Object.entries(themes).map(([name, theme]) => [
      `answer-${name}.svg`,
      drawScreen(screen, SIZE.columns, theme, TITLE),
    ]),
  );
}

/** What a terminal was sent while somebody typed these commands. */
async function session(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'smtp-find-'));
  const lab = await createLab(scenario);
  try {
    execFileSync(process.execPath, [fileURLToPath(new URL('bundle.mjs', import.meta.url)), folder]);
    const program = [process.execPath, join(folder, 'main.js'), ...lab.args];
    const shown: string[] = [];
    for (const args of commands) {
      const prompt = `$ \u001b[1msmtp-find ${args.join(' ')}\u001b[22m\r\n`;
      shown.push(prompt + (await runOnTerminal([...program, ...args], SIZE, environment(folder))));
    }
    return shown.join('\r\n');
  } finally {
    await lab.stop();
    rmSync(folder, { recursive: true });
  }
}

/** Nothing of the user's. */
function environment(home: string): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: home, LANG: 'C.UTF-8', TERM: 'xterm-256color' };
}

export const picturesFolder: URL = new URL('../docs/pictures/', import.meta.url);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(picturesFolder, { recursive: true });
  for (const [name, svg] of await pictures()) writeFileSync(new URL(name, picturesFolder), svg);
}
