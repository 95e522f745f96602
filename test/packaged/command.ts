/** A command as somebody installed it: what it must do wherever it came from. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { issueFor } from '../lab/certificate-choice.ts';
import { clientConfig } from '../lab/client-config.ts';
import { createLab, type Lab } from '../lab/lab.ts';
import { environment } from '../lab/run-cli.ts';
import { attempt, type Output } from '../real/shell.ts';

const { version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { readonly version: string };

const PASSWORD = 'correct-horse';

/** A domain that publishes its settings as XML, so that more than the core is loaded. */
export function createShop(): Promise<Lab> {
  return createLab({
    web: {
      'https://autoconfig.example.com/mail/config-v1.1.xml': clientConfig(
        'example.com',
        'smtp.example.com',
      ),
    },
    servers: { 'smtp.example.com:465': { users: { 'you@example.com': PASSWORD } } },
  });
}

export interface Installed {
  readonly command: string;
  readonly args?: readonly string[];
  /** Where it finds other programs. */
  readonly path: string;
  readonly cwd?: string;
}

export function run(
  { command, args = [], path, cwd }: Installed,
  more: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Output> {
  const options = { env: environment({ PATH: path, ...env }), ...(cwd !== undefined && { cwd }) };
  return attempt(command, [...args, ...more], options);
}

/** @returns complaints */
export async function tryCommand(installed: Installed, lab: Lab): Promise<string[]> {
  const complaints: string[] = [];
  const expect = ({ code, stdout, stderr }: Output, wanted: number, ...texts: string[]): void => {
    const missing = texts.filter((text) => !(stdout + stderr).includes(text));
    if (code === wanted && missing.length === 0) return;
    complaints.push(`exit code ${code}, without ${missing.join(', ')}:\n${stdout}${stderr}`);
  };
  expect(await run(installed, ['--version']), 0, `smtp-find ${version} `);
  expect(await run(installed, ['--offline', 'you@gmail.com']), 0, 'smtp.gmail.com');
  expect(await run(installed, ['--completion', 'bash']), 0, 'complete -F');
  const login = [...lab.args, '--json', '--login', 'you@example.com'];
  expect(
    await run(installed, login, { SMTP_FIND_PASSWORD: PASSWORD }),
    0,
    '"status":"verified"',
    '"source":"autoconfig"',
    '"outcome":"accepted"',
  );
  expect(await askOverHttps(installed, lab), 5, 'dns.example', '429');
  return complaints;
}

/** DNS over HTTPS, whose modules are loaded last, from a resolver that has had enough. */
async function askOverHttps(installed: Installed, lab: Lab): Promise<Output> {
  const server = createSecureServer(await issueFor('dns.example'), (request, response) => {
    request.resume().on('end', () => {
      response.writeHead(429).end();
      request.stream.session?.close();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    return await run(installed, [
      ...lab.options.cacert.flatMap((file) => ['--cacert', file]),
      ...['--resolver', `https://dns.example:${port}/dns-query`],
      ...['--connect-to', `dns.example:${port}:127.0.0.1:${port}`, 'you@example.com'],
    ]);
  } finally {
    server.close();
  }
}
