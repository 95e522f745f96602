/**
 * That the servers are what the tests take them for, and that what the program reports works, as
 * another client (swaks) sees it.
 */
import type { Report, Settings } from '../../src/report/report.ts';
import type { Setting } from './matrix.ts';
import { CLEAN } from './network.ts';
import { attempt } from './shell.ts';
import { PASSWORD } from './world.ts';
import { addressOf, matrixDomain, ports, servers } from './zone.ts';

/** What stands in the way of a client that does not encrypt. */
export async function checkPlaintext({ world, results }: Setting): Promise<void> {
  results.heading('Before TLS, as swaks sees it');
  for (const server of servers) {
    const to = ['--server', addressOf(server, 'good'), '--port', '587'];
    const greeted = await swaks(world.root, [...to, '--quit-after', 'EHLO']);
    const sent = await swaks(world.root, [
      ...to,
      '--quit-after',
      'MAIL',
      '--from',
      'you@x.example',
    ]);
    results.add(`${server} 587 offers STARTTLS, no AUTH, and refuses mail`, [
      ...(/^<- +250[ -]STARTTLS/m.test(greeted) ? [] : [`no STARTTLS:\n${greeted}`]),
      ...(/^<- +250[ -]AUTH/m.test(greeted) ? [`AUTH:\n${greeted}`] : []),
      ...(/^<\*\* +5\d\d/m.test(sent) ? [] : [`mail taken:\n${sent}`]),
    ]);
  }
}

/** Somebody types the reported settings into a mail program. */
export async function checkLogins({ world, results, find }: Setting): Promise<void> {
  results.heading('A login with the settings that were found, by swaks');
  for (const server of servers) {
    for (const port of ports) {
      const query = `you@${matrixDomain(server, 'good', port)}`;
      const { stdout } = await find(query);
      const { settings } = JSON.parse(stdout) as Report;
      const output = settings ? await swaks(world.root, loginArguments(settings)) : 'nothing found';
      const good = /^<~ +235/m.test(output);
      results.add(`${server} ${port} lets ${query} in`, good ? [] : [output]);
    }
  }
}

function loginArguments({ host, port, encryption, username }: Settings): string[] {
  return [
    ...['--server', host, '--port', String(port), '--quit-after', 'AUTH'],
    ...[encryption === 'tls' ? '--tls-on-connect' : '--tls', '--tls-verify'],
    ...['--tls-ca-path', '/etc/certs/trusted/ca.crt'],
    ...['--auth', 'PLAIN', '--auth-user', username, '--auth-password', PASSWORD],
  ];
}

async function swaks(root: string, args: readonly string[]): Promise<string> {
  const command = ['ip', 'netns', 'exec', 'neighbour', 'swaks', '--helo', '[10.77.9.2]', ...args];
  const options = { env: CLEAN, timeoutMs: 20_000 };
  const { stdout, stderr } = await attempt('chroot', [root, ...command], options);
  return stdout + stderr;
}
