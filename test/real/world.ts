/** Everything that runs in the namespaces but the program: cables, certificates, names, servers. */
import type { ChildProcess } from 'node:child_process';
import { cp, mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Certificates, kinds } from './certificates.ts';
import { CLEAN, type InRoot, inRoot, layCables } from './network.ts';
import type { Release } from './packages.ts';
import { mountRoots, type Roots } from './roots.ts';
import { must, start } from './shell.ts';
import {
  addressOf,
  type HostsByAddress,
  matrixDomain,
  mechanismSets,
  ports,
  readZone,
  servers,
} from './zone.ts';

const INFRASTRUCTURE = ['53', '54', '80', '81', '82', '83'].map((n) => `192.0.2.${n}`);
const OVER_IPV6 = ['2001:db8::53', '2001:db8::80', '2001:db8:25::101'];
/** Postfix's, for special cases; nobody listens on the last. */
const SPECIAL = [...range(60, 64), ...range(100, 114), 120].map((n) => `198.51.100.${n}`);
/** Exim's: without TLS, and too busy. */
const EXIM = ['198.51.100.27', '198.51.100.28'];

export const PASSWORD = 'open-sesame';

export interface World {
  readonly root: string;
  readonly run: InRoot;
  /** To pass as `--cacert`. */
  readonly cacert: string;
  /** What a server has logged so far. */
  log(name: keyof typeof LOGS): Promise<string>;
}

const LOGS = {
  postfix: ['bookworm', 'var/log/postfix.log'],
  exim: ['bookworm', 'var/log/exim/main.log'],
  opensmtpd: ['trixie', 'var/log/opensmtpd-output.log'],
  dovecot: ['bookworm', 'var/log/dovecot.log'],
} as const;

/**
 * Only in namespaces of its own: mounts, and lays cables.
 * @param pristine the unpacked packages, which stay as they are
 * @param scratch an empty directory
 */
export async function createWorld(pristine: Roots, scratch: string): Promise<World> {
  const roots = await mountRoots(pristine, scratch);
  const root = roots.bookworm;
  const run = inRoot(root);
  const zone = await readZone(join(root, 'etc/knot/root.zone'));
  const matrix = servers.flatMap((server) => kinds.map((kind) => addressOf(server, kind)));
  await layCables(run, [...INFRASTRUCTURE, ...OVER_IPV6, ...matrix, ...EXIM, ...SPECIAL]);
  const certificates = await certify(root, run, zone.hosts);
  await must('cp', ['-a', join(root, 'etc/certs'), join(roots.trixie, 'etc')]);
  await mkdir(join(roots.trixie, 'etc/ssl/certs'), { recursive: true });
  await cp(certificates.cacert, join(roots.trixie, 'etc/ssl/certs/ca-certificates.crt'));
  await makeAccounts(roots, run);
  await writeFile(join(root, 'var/lib/knot/root.zone'), zone.text);
  await makeZoneKey(run);
  await startServers(roots);
  return {
    root,
    run,
    cacert: certificates.cacert,
    log(name) {
      const [release, file] = LOGS[name];
      return readFile(join(roots[release], file), 'utf8');
    },
  };
}

async function certify(root: string, run: InRoot, hosts: HostsByAddress): Promise<Certificates> {
  const certificates = await Certificates.create(root, run);
  const at = (...addresses: readonly string[]): string[] => [
    ...new Set(addresses.flatMap((address) => hosts.get(address) ?? [])),
  ];
  for (const server of servers) {
    for (const kind of kinds) {
      await certificates.issue(`${server}-${kind}`, kind, at(addressOf(server, kind)));
    }
  }
  const ours = SPECIAL.filter((address) => !/\.(?:109|112|113)$/.test(address));
  await certificates.issue('hosted', 'good', at(...ours, '2001:db8:25::101'));
  await certificates.issue('box7', 'good', ['box7.hoster.example']);
  await certificates.issueByIntermediate('chain', 'out.chain.example', true);
  await certificates.issueByIntermediate('chain-forgotten', 'out.forgotten.example', false);
  await certificates.issue('web-good', 'good', at('192.0.2.80', '192.0.2.82', '2001:db8::80'));
  await certificates.issue('web-expired', 'expired', at('192.0.2.81'));
  return certificates;
}

/** Exim and Dovecot take anybody called "you"; the others have lists. */
async function makeAccounts({ trixie }: Roots, run: InRoot): Promise<void> {
  const domains = [
    ...servers.flatMap((server) => ports.map((port) => matrixDomain(server, 'good', port))),
    ...Object.keys(mechanismSets).map((name) => `${name}.example`),
  ];
  const hash = (await run('openssl', 'passwd', '-6', PASSWORD)).trim();
  const users = domains.map((domain) => `you@${domain}\t${hash}\n`);
  await writeFile(join(trixie, 'etc/opensmtpd/users'), users.join(''));
  const script = `for realm; do printf %s '${PASSWORD}' | saslpasswd2 -p -c -u "$realm" you; done
    chgrp sasl /etc/sasldb2 && chmod 640 /etc/sasldb2`;
  await run('sh', '-c', script, 'accounts', ...domains);
}

async function makeZoneKey(run: InRoot): Promise<void> {
  const script = `
    keymgr . generate algorithm=ecdsap256sha256 ksk=yes zsk=yes >/dev/null &&
    chown -R knot:knot /var/lib/knot && keymgr . dnskey >/var/lib/unbound/root.key`;
  await run('sh', '-c', script);
}

const COMMANDS: readonly (readonly [name: string, release: Release, ...command: string[]])[] = [
  ['knot', 'bookworm', 'knotd'],
  ['unbound', 'bookworm', 'unbound', '-d'],
  ['nginx', 'bookworm', 'nginx'],
  ['postfix', 'bookworm', '/usr/lib/postfix/sbin/master', '-d'],
  ['exim', 'bookworm', 'exim4', '-bdf'],
  ['opensmtpd', 'trixie', 'smtpd', '-d', '-v', '-f', '/etc/opensmtpd/smtpd.conf'],
  ['dovecot', 'bookworm', 'dovecot', '-F'],
];
const READY: readonly (readonly [address: string, port: number])[] = [
  ['192.0.2.54', 53],
  ['192.0.2.53', 53],
  ['192.0.2.80', 443],
  ...servers.map((server) => [addressOf(server, 'good'), 587] as const),
];
const START_MS = 60_000;

async function startServers(roots: Roots): Promise<void> {
  const children = new Map<string, ChildProcess>();
  const until = performance.now() + START_MS;
  const inTime = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
    while (!(await isSo())) {
      const dead = [...children].find(([, { exitCode }]) => exitCode !== null)?.[0];
      if (dead !== undefined || performance.now() > until) {
        const logs = await must(
          'sh',
          ['-c', 'tail -n 15 $(find "$@" -name "*.log")', 'logs'].concat(
            join(roots.bookworm, 'var/log'),
            join(roots.trixie, 'var/log'),
          ),
        );
        throw new Error(
          `${dead ? `${dead} ended` : `${what}: not within ${START_MS / 1000} s`}\n${logs}`,
        );
      }
      await pause(50);
    }
  };
  for (const [name, release, ...command] of COMMANDS) {
    const root = roots[release];
    const log = await open(join(root, `var/log/${name}-output.log`), 'a', 0o666);
    children.set(name, start('chroot', [root, ...command], log.fd, CLEAN));
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

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
