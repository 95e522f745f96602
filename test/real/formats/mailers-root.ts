/**
 * Programs from Debian's packages, run in a root of their own with an `/etc`, `/var` and `/tmp` of
 * their own, on this machine's loopback. Unpacked, not installed: one mailer would drive out another.
 */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mailersRoot } from '../packages.ts';
import { attempt, type Output } from '../shell.ts';

/** Nothing that is mounted there is seen outside, and all ends with its first process. */
export const NAMESPACES = ['--mount', '--pid', '--fork', '--kill-child'];
const DEADLINE_MS = 30_000;

/** Why nothing can be run so here; null when it can. */
export async function whyNoRoot(): Promise<string | null> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'it needs root on Linux';
  const { code, stderr } = await attempt('unshare', [...NAMESPACES, 'true']);
  if (code !== 0) return `this machine allows no namespaces (${stderr.trim()})`;
  return (await attempt('sh', ['-c', 'command -v apt-get'])).code === 0 ? null : 'it needs apt-get';
}

/** By path in that root. */
export type Files = Readonly<Record<string, string>>;

/** What accounts, names and ports there are. */
const BASE: Files = {
  '/etc/passwd': [
    'root:x:0:0::/tmp:/bin/sh',
    'mail:x:8:8::/var/mail:/bin/false',
    'uucp:x:10:10::/:/bin/false',
    'nobody:x:65534:65534::/:/bin/false',
    'Debian-exim:x:901:901::/var/spool/exim4:/bin/false',
    'opensmtpd:x:902:902::/var/lib/opensmtpd/empty:/bin/false',
    'opensmtpq:x:903:903::/var/lib/opensmtpd/empty:/bin/false',
  ]
    .map((line) => `${line}\n`)
    .join(''),
  '/etc/group':
    'root:x:0:\nmail:x:8:\nnogroup:x:65534:\nDebian-exim:x:901:\nopensmtpd:x:902:\nopensmtpq:x:903:\n',
  '/etc/hosts': '127.0.0.1 localhost\n127.0.0.2 client.example.com\n',
  '/etc/hostname': 'client.example.com\n',
  '/etc/mailname': 'client.example.com\n',
  '/etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\nservices: files\n',
  '/tmp/message': 'To: friend@example.net\nSubject: a test\n\nHello.\n',
};

const IN_ROOT = `
root=$1 here=$2 place=$2/root
mkdir "$place"
mount --bind "$root" "$place"
mount -t tmpfs -o mode=755 tmpfs "$place/etc"
mount -t tmpfs -o mode=755 tmpfs "$place/var"
mount -t tmpfs -o mode=755 tmpfs "$place/run"
mount -t tmpfs -o mode=1777 tmpfs "$place/tmp"
mount -t proc proc "$place/proc"
mount --rbind /dev "$place/dev"
mount --rbind /sys "$place/sys"
cp -a "$root/etc/." "$place/etc/"
mkdir -p "$place/var/log" "$place/var/spool" "$place/var/mail" "$place/var/lib"
ln -s /run "$place/var/run"
cp -r "$here/files/." "$place/"
cd /
hostname=client.example.com
exec chroot "$place" /bin/sh -ec "$3"
`;

/**
 * @param files on top of what the packages have in `/etc`
 * @param script for sh, as root, in `/`
 * @param cacert the one authority that is trusted there
 */
export async function runInRoot(
  directory: string,
  files: Files,
  script: string,
  { cacert, env = {} }: { readonly cacert: string; readonly env?: NodeJS.ProcessEnv },
): Promise<Output> {
  const trusted = { '/etc/ssl/certs/ca-certificates.crt': await readFile(cacert, 'utf8') };
  for (const [path, text] of Object.entries({ ...BASE, ...trusted, ...files })) {
    const place = join(directory, 'files', path);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, text);
    await chmod(place, 0o644);
  }
  const root = await mailersRoot((text) => console.log(text));
  const args = [...NAMESPACES, 'sh', '-ec', IN_ROOT, 'sh', root, directory, script];
  return await attempt('unshare', args, {
    timeoutMs: DEADLINE_MS,
    env: {
      PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
      HOME: '/tmp',
      LANG: 'C.UTF-8',
      SSL_CERT_FILE: '/etc/ssl/certs/ca-certificates.crt',
      ...env,
    },
  });
}
