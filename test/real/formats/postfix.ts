/**
 * Postfix with what `--format postfix` writes, word for word, in an `/etc` of its own: it takes a
 * message and has to get it to the relay, signed in. Unpacked, not installed: it would drive out
 * another mail server.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Report } from '../../../src/report/report.ts';
import { listen } from '../../lab/loopback.ts';
import { unpackedRoots } from '../packages.ts';
import { attempt } from '../shell.ts';
import { type Mailbox, PASSWORD } from './mailbox.ts';
import { NAMESPACES } from './mailers-root.ts';
import { render } from './program.ts';

const DEADLINE_MS = 20_000;

/** @returns what Postfix complained of, when nothing reached the mailbox */
export async function relayThroughPostfix(
  report: Report,
  mailbox: Mailbox,
  directory: string,
  cacert: string,
): Promise<string[]> {
  const { bookworm } = await unpackedRoots((text) => console.log(text));
  const etc = join(directory, 'etc');
  const port = await freePort();
  const text = render('postfix', report);
  await writeEtc(etc, text, port, await readFile(cacert, 'utf8'));
  const log = join(directory, 'log');
  const master = start(bookworm, directory);
  try {
    const sent = await inject(port, directory);
    const deadline = performance.now() + DEADLINE_MS;
    const said = (): Promise<string> => readFile(log, 'utf8').catch(() => '');
    while (sent === '' && mailbox.senders.length === 0 && performance.now() < deadline) {
      if (/status=(?:deferred|bounced)|fatal:/.test(await said())) break;
      await pause(50);
    }
    const settings = await readFile(join(directory, 'postconf'), 'utf8').catch(String);
    const warnings = settings.match(/.*warning: .*|.*Error: .*/g) ?? [];
    if (mailbox.senders.length > 0) return [...warnings];
    return [sent, (await said()).slice(-2000), ...warnings];
  } finally {
    master.kill('SIGKILL');
    await once(master, 'exit');
  }
}

async function writeEtc(etc: string, text: string, port: number, ca: string): Promise<void> {
  await mkdir(join(etc, 'postfix'), { recursive: true });
  await mkdir(join(etc, 'ssl/certs'), { recursive: true });
  // The last line of the format, less its hash, is what it says belongs there.
  const secret = text.trim().split('\n').at(-1)?.replace(/^# /, '') ?? '';
  const files: Readonly<Record<string, string>> = {
    passwd:
      'root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/false\nowner:x:901:901::/:/bin/false\n',
    group: 'root:x:0:\nnogroup:x:65534:\nowner:x:901:\ndrop:x:902:\n',
    hosts: '127.0.0.1 localhost\n',
    'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
    services: 'smtp 25/tcp\n',
    'ssl/certs/ca-certificates.crt': ca,
    'postfix/main.cf': `${BASE}\n${text}`,
    'postfix/master.cf': `127.0.0.1:${port} inet n - n - - smtpd\n${SERVICES}`,
    'postfix/sasl_passwd': `${secret.replace('YOUR-PASSWORD', PASSWORD)}\n`,
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(etc, name), content);
  await chmod(join(etc, 'postfix/sasl_passwd'), 0o600);
}

const BASE = `
compatibility_level = 3.6
mail_owner = owner
setgid_group = drop
queue_directory = /tmp/spool
data_directory = /tmp/data
maillog_file = /tmp/log
maillog_file_prefixes = /tmp
myhostname = client.example.com
mydestination =
mynetworks = 127.0.0.0/8
inet_protocols = ipv4
smtpd_relay_restrictions = permit_mynetworks, reject
smtp_dns_support_level = disabled
smtp_host_lookup = native
`;

const SERVICES = `
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
smtp unix - - n - - smtp
relay unix - - n - - smtp
retry unix - - n - - error
error unix - - n - - error
postlog unix-dgram n - n - 1 postlogd
`;

const IN_ROOT = `
root=$1 here=$2 place=$2/root
mkdir "$place"
mount --bind "$root" "$place"
mount --bind "$here/etc" "$place/etc"
mount --bind "$here" "$place/tmp"
mount --rbind /dev "$place/dev"
cd "$here"
mkdir -p data spool && cd spool
mkdir -p incoming active deferred defer bounce corrupt flush hold maildrop private public pid saved trace
chown -R 901:901 ../data incoming active deferred defer bounce corrupt flush hold private saved trace
chown 901:902 maildrop public && chmod 1730 maildrop && chmod 2710 public
chmod 711 "$here"
chroot "$place" /usr/sbin/postconf -n >"$here/postconf" 2>&1
exec chroot "$place" /usr/lib/postfix/sbin/master -c /etc/postfix -d
`;

function start(root: string, directory: string): ChildProcess {
  const args = [...NAMESPACES, 'sh', '-ec', IN_ROOT, 'sh', root, directory];
  return spawn('unshare', args, { stdio: ['ignore', 'ignore', 'ignore'] });
}

/** @returns a complaint, or nothing */
async function inject(port: number, directory: string): Promise<string> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await answers(port))) {
    if (performance.now() > deadline) return 'Postfix did not start';
    await pause(50);
  }
  const message = join(directory, 'message');
  await writeFile(message, 'Subject: a test\n\nHello.\n');
  const envelope = ['--mail-from', 'you@example.com', '--mail-rcpt', 'friend@example.net'];
  const args = ['-sS', ...envelope, '-T', message, `smtp://127.0.0.1:${port}`];
  const { code, stderr } = await attempt('curl', args, { timeoutMs: DEADLINE_MS });
  return code === 0 ? '' : stderr;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  const { port } = await listen(server);
  server.close();
  await once(server, 'close');
  return port;
}
