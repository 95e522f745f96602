/** The programs that run for the whole time: servers, and the log that some of them write to. */
import type { ChildProcess } from 'node:child_process';
import { open } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CLEAN, inRoot } from './network.ts';
import type { Release } from './packages.ts';
import type { Roots } from './roots.ts';
import { must, start } from './shell.ts';
import { addressOf, servers } from './zone.ts';

interface Daemon {
  readonly name: string;
  /** Default bookworm. */
  readonly release?: Release;
  readonly command: readonly string[];
  /** Its resolver never answers. */
  readonly deaf?: true;
}

const POSTFIX = '/usr/lib/postfix/sbin/master';
const daemons: readonly Daemon[] = [
  // For sendmail and Courier, which can log nowhere else.
  { name: 'syslog', command: ['busybox', 'syslogd', '-n', '-O', '/var/log/syslog'] },
  { name: 'knot', command: ['knotd'] },
  { name: 'unbound', command: ['unbound', '-d'] },
  { name: 'unbound-nothing', command: ['unbound', '-d', '-c', '/etc/unbound/nothing.conf'] },
  { name: 'unbound-failing', command: ['unbound', '-d', '-c', '/etc/unbound/failing.conf'] },
  { name: 'nginx', command: ['nginx'] },
  { name: 'postfix', command: [POSTFIX, '-d'] },
  { name: 'postfix-deaf', command: [POSTFIX, '-d', '-c', '/etc/postfix-deaf'], deaf: true },
  { name: 'exim', command: ['exim4', '-bdf'] },
  {
    name: 'exim-deaf',
    command: ['exim4', '-bdf', '-oX', '<; 198.51.100.136', '-oP', '/run/exim-deaf.pid'],
    deaf: true,
  },
  {
    name: 'opensmtpd',
    release: 'trixie',
    command: ['smtpd', '-d', '-v', '-f', '/etc/opensmtpd/smtpd.conf'],
  },
  { name: 'dovecot', command: ['dovecot', '-F'] },
  { name: 'haproxy', command: ['haproxy', '-db', '-f', '/etc/haproxy/haproxy.cfg'] },
  { name: 'stunnel', command: ['stunnel4', '/etc/stunnel/stunnel.conf'] },
  {
    name: 'sendmail',
    command: ['/usr/libexec/sendmail/sendmail', '-bD', '-C/etc/mail/sendmail.cf'],
  },
  { name: 'courier', command: ['/etc/courier/submission'] },
];

/** Of each daemon, the port that it opens last. */
const READY: readonly (readonly [address: string, port: number])[] = [
  ['192.0.2.54', 53],
  ['192.0.2.53', 53],
  ['192.0.2.55', 53],
  ['192.0.2.56', 53],
  ['192.0.2.80', 443],
  ...servers.map((server) => [addressOf(server, 'good'), 587] as const),
  ['198.51.100.136', 587], // Exim with a dead resolver
  ['198.51.100.137', 587], // Postfix with a dead resolver
  ['198.51.100.151', 587], // haproxy
  ['198.51.100.161', 587], // stunnel
  ['198.51.100.170', 587], // sendmail
  ['198.51.100.171', 465], // Courier
  ['198.51.100.171', 587],
];
const START_MS = 60_000;

/** They end with the namespaces; @throws what they logged, when one does not come up */
export async function startDaemons(roots: Roots): Promise<void> {
  const children = new Map<string, ChildProcess>();
  const until = performance.now() + START_MS;
  const inTime = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
    while (!(await isSo())) {
      const dead = [...children].find(([, { exitCode }]) => exitCode !== null)?.[0];
      if (dead !== undefined || performance.now() > until) {
        const complaint = dead ? `${dead} ended` : `${what}: not within ${START_MS / 1000} s`;
        throw new Error(`${complaint}\n${await lastWords(roots)}`);
      }
      await pause(50);
    }
  };
  for (const { name, release = 'bookworm', command, deaf = false } of daemons) {
    const root = roots[release];
    const log = await open(join(root, `var/log/${name}-output.log`), 'a', 0o666);
    const [program = '', ...args] = inItsRoot(root, command, deaf);
    children.set(name, start(program, args, log.fd, CLEAN));
    await log.close();
  }
  for (const [address, port] of READY) {
    await inTime(`${address}:${port}`, () => accepts(address, port));
  }
  // Knot listens before it has signed everything.
  const question = ['@192.0.2.53', '+short', '+timeout=2', 'out.srv.example', 'A'];
  await inTime('the DNS', async () => {
    const answer = await inRoot(roots.bookworm)('kdig', ...question).catch(() => '');
    return answer.includes('198.51.100.101');
  });
}

function inItsRoot(root: string, command: readonly string[], deaf: boolean): readonly string[] {
  const inside = ['chroot', root, ...command];
  if (!deaf) return inside;
  const script = 'mount --bind "$0/resolv-dead.conf" "$0/resolv.conf" && exec "$@"';
  return ['unshare', '--mount', 'sh', '-c', script, join(root, 'etc'), ...inside];
}

function lastWords({ bookworm, trixie }: Roots): Promise<string> {
  const script = 'tail -n 15 $(find "$@" -name "*.log" -o -name syslog)';
  return must('sh', ['-c', script, 'logs', join(bookworm, 'var/log'), join(trixie, 'var/log')]);
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
