/** Everything that runs in the namespaces but the program: cables, certificates, names, servers. */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Certificates, kinds } from './certificates.ts';
import { startDaemons } from './daemons.ts';
import { type InRoot, inRoot, layCables } from './network.ts';
import { mountRoots, type Roots } from './roots.ts';
import { must } from './shell.ts';
import {
  addressOf,
  type HostsByAddress,
  matrixDomain,
  mechanismSets,
  ports,
  readZone,
  servers,
} from './zone.ts';

const INFRASTRUCTURE = ['53', '54', '55', '56', '59', '80', '81', '82', '83'].map(
  (n) => `192.0.2.${n}`,
);
const OVER_IPV6 = ['2001:db8::53', '2001:db8::80', '2001:db8:25::101', '2001:db8:25::102'];
/** For special cases; nobody listens on .120. */
const SPECIAL = [
  ...[...range(60, 64), ...range(100, 116), 120], // Postfix
  ...[...range(27, 28), ...range(130, 136), 138], // Exim
  ...[137], // a Postfix with a dead resolver
  ...[140], // nginx
  ...[150, 151, 152, 153], // haproxy
  ...[160, 161, 163], // stunnel
  ...[170, 171], // sendmail, Courier
].map((n) => `198.51.100.${n}`);

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
  nginx: ['bookworm', 'var/log/nginx.log'],
  haproxy: ['bookworm', 'var/log/haproxy-output.log'],
  stunnel: ['bookworm', 'var/log/stunnel.log'],
  /** sendmail's and Courier's. */
  syslog: ['bookworm', 'var/log/syslog'],
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
  await layCables(run, [...INFRASTRUCTURE, ...OVER_IPV6, ...matrix, ...SPECIAL]);
  const certificates = await certify(root, run, zone.hosts);
  await must('cp', ['-a', join(root, 'etc/certs'), join(roots.trixie, 'etc')]);
  await mkdir(join(roots.trixie, 'etc/ssl/certs'), { recursive: true });
  await cp(certificates.cacert, join(roots.trixie, 'etc/ssl/certs/ca-certificates.crt'));
  await makeAccounts(roots, run);
  await writeFile(join(root, 'var/lib/knot/root.zone'), zone.text);
  await makeZoneKey(run);
  await makeConfiguration(run);
  await startDaemons(roots);
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
  const ours = SPECIAL.filter((address) => !/\.(?:109|112|113|116)$/.test(address));
  await certificates.issue('hosted', 'good', at(...ours, '2001:db8:25::101'));
  await certificates.issue('box7', 'good', ['box7.hoster.example']);
  await certificates.issue('neighbour', 'good', ['mail.neighbour.example']);
  await certificates.issueByIntermediate('chain', 'out.chain.example', true);
  await certificates.issueByIntermediate('chain-forgotten', 'out.forgotten.example', false);
  await certificates.issue('web-good', 'good', at('192.0.2.80', '192.0.2.82', '2001:db8::80'));
  await certificates.issue('web-expired', 'expired', at('192.0.2.81'));
  return certificates;
}

/** Those that are made with a tool of the server's own. */
async function makeConfiguration(run: InRoot): Promise<void> {
  const script = `m4 -D_CF_DIR_=/usr/share/sendmail/cf/ /usr/share/sendmail/cf/m4/cf.m4 \\
    /etc/mail/sendmail.mc >/etc/mail/sendmail.cf`;
  await run('sh', '-c', script);
}

/** Domains with an account at a Postfix or sendmail, beyond those of the matrix. */
const LOGINS = ['mapped', 'haproxy', 'stunnel-tls', 'sendmail', 'dead-v6'];

/** Exim, nginx and Dovecot take anybody called "you"; the others have lists. */
async function makeAccounts({ bookworm, trixie }: Roots, run: InRoot): Promise<void> {
  const domains = [
    ...servers.flatMap((server) => ports.map((port) => matrixDomain(server, 'good', port))),
    ...[...Object.keys(mechanismSets), ...LOGINS].map((name) => `${name}.example`),
  ];
  const hash = (await run('openssl', 'passwd', '-6', PASSWORD)).trim();
  const users = domains.map((domain) => `you@${domain}\t${hash}\n`);
  await writeFile(join(trixie, 'etc/opensmtpd/users'), users.join(''));
  const courier = ['courier.example', 'other.courier.example'].map(
    (domain) => `you@${domain}\tuid=111|gid=111|home=/var/mail|systempw=${hash}\n`,
  );
  await writeFile(join(bookworm, 'etc/courier/userdb'), courier.join(''), { mode: 0o600 });
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

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
