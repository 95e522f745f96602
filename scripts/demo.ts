/**
 * `npm run demo`: an internet in one process on loopback, and the real command line at work in it.
 * Every domain publishes its settings in another way. Nothing leaves this machine.
 */
import { fileURLToPath } from 'node:url';
import chalk from 'chalk';
import { clientConfig } from '../test/lab/client-config.ts';
import { createLab } from '../test/lab/lab.ts';
import { runCli } from '../test/lab/run-cli.ts';
import type { Scenario } from '../test/lab/scenario.ts';

const scenario: Scenario = {
  zone: {
    'gmail.com': { MX: '5 gmail-smtp-in.l.google.com' },
    'bakery.example': { MX: '1 aspmx.l.google.com' },
    '_submissions._tcp.library.example': { SRV: '0 1 465 mail.library.example' },
    'choir.example': { MX: '10 mx1.hoster.example' },
    'museum.example': { MX: '10 mail.museum.example' },
    'forge.example': { MX: '10 mx.forge.example' },
  },
  web: {
    'https://autoconfig.school.example/mail/config-v1.1.xml': clientConfig(
      'school.example',
      'smtp.school.example',
    ),
    'https://garden.example/.well-known/autoconfig/mail/config-v1.1.xml': clientConfig(
      'garden.example',
      'post.garden.example',
    ),
    'https://autoconfig.hoster.example/mail/config-v1.1.xml': clientConfig(
      'hoster.example',
      'smtp.hoster.example',
    ),
  },
  servers: {
    'smtp.gmail.com:465': { auth: ['LOGIN', 'PLAIN', 'XOAUTH2', 'OAUTHBEARER'] },
    'smtp.gmail.com:587': { auth: ['LOGIN', 'PLAIN', 'XOAUTH2', 'OAUTHBEARER'] },
    'mail.library.example:465': {},
    'smtp.school.example:465': {},
    'post.garden.example:465': { auth: ['SCRAM-SHA-256', 'PLAIN'] },
    'smtp.hoster.example:465': {},
    'smtp.workshop.example:587': {},
    'mail.museum.example:587': { encryption: 'none' },
    'smtp.forge.example:465': { certificate: 'wrong-name' },
  },
};

const shown: readonly (readonly [story: string, ...args: string[]])[] = [
  ['A provider in the bundled database', 'you@gmail.com'],
  ['A domain whose mail that provider hosts, seen by its MX', 'you@bakery.example'],
  ['SRV records', 'you@library.example'],
  ['An autoconfig host', 'you@school.example'],
  ['An autoconfig file on the web site', 'you@garden.example'],
  ['Autoconfig of the company that runs the MX', 'you@choir.example'],
  ['Nothing published, so common names are tried', 'you@workshop.example'],
  ['A server without any encryption', 'you@museum.example'],
  ['A certificate for another name', 'you@forge.example'],
  ['Nothing at all', 'you@nowhere.example'],
  ['For scripts', 'you@library.example', '--json'],
];

async function main(): Promise<void> {
  const lab = await createLab(scenario);
  try {
    for (const [story, ...args] of shown) {
      const color = chalk.level > 0;
      const env = color ? { NO_COLOR: undefined, FORCE_COLOR: '1' } : {};
      const result = await runCli(args, { lab, env });
      console.log(chalk.bold.cyan(`# ${story}`));
      console.log(`$ smtp-find ${args.join(' ')}`);
      process.stdout.write(result.stdout);
      if (result.stderr) process.stdout.write(chalk.dim(result.stderr));
      console.log(chalk.dim(`(exit code ${result.code}, ${Math.round(result.durationMs)} ms)\n`));
    }
  } finally {
    await lab.stop();
  }
  const leaked = lab.received().includes('you@') || lab.received().includes('you%40');
  console.log(
    `The lab was asked ${lab.requests.dns.length} DNS questions and ${lab.requests.http.length} documents, ` +
      `and held ${lab.requests.smtp.length} SMTP conversations; ` +
      `${leaked ? 'an address was sent!' : 'no address was sent.'}`,
  );
  if (leaked) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
