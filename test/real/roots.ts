/** The unpacked packages, made ready for a run; what changes lies in memory. */
import { chmod, chown, cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Release } from './packages.ts';
import { must } from './shell.ts';

const HERE = dirname(fileURLToPath(import.meta.url));

export type Roots = Readonly<Record<Release, string>>;

/**
 * Only in a mount namespace of its own.
 * @param pristine stay as they are
 * @param scratch an empty directory
 */
export async function mountRoots(pristine: Roots, scratch: string): Promise<Roots> {
  await must('mount', ['-t', 'tmpfs', 'tmpfs', scratch]);
  const mount = async (release: Release): Promise<string> => {
    const changing = join(scratch, `${release}-changing`);
    const root = join(scratch, release);
    await mkdir(root);
    await mkdir(changing);
    await must('mount', ['--bind', pristine[release], root]);
    await must('mount', ['-o', 'remount,bind,ro', root]);
    for (const name of ['etc', 'var']) {
      await must('cp', ['-a', join(root, name), changing]);
      await must('mount', ['--bind', join(changing, name), join(root, name)]);
    }
    for (const name of ['run', 'tmp', 'srv']) {
      await must('mount', ['-t', 'tmpfs', 'tmpfs', join(root, name)]);
    }
    await mountDevices(join(root, 'dev'));
    await must('mount', ['-t', 'proc', 'proc', join(root, 'proc')]);
    await cp(join(HERE, 'etc'), join(root, 'etc'), { recursive: true });
    await cp(join(HERE, 'web'), join(root, 'srv/web'), { recursive: true });
    await makePlaces(root);
    return root;
  };
  return { bookworm: await mount('bookworm'), trixie: await mount('trixie') };
}

/** One by one, so that nothing there can be put in the place of this machine's own. */
async function mountDevices(directory: string): Promise<void> {
  await must('mount', ['-t', 'tmpfs', 'tmpfs', directory]);
  for (const name of ['null', 'zero', 'full', 'random', 'urandom']) {
    await writeFile(join(directory, name), '');
    await must('mount', ['--bind', join('/dev', name), join(directory, name)]);
  }
  await mkdir(join(directory, 'shm'));
  await symlink('/proc/self/fd', join(directory, 'fd'));
}

/** What the packages' own installation would have made: for whom, with which mode, what. */
const DIRECTORIES = `
root:root 711 /var/spool /var/spool/postfix /var/spool/postfix/pid
postfix:root 700 /var/lib/postfix
postfix:root 700 /var/spool/postfix/active /var/spool/postfix/bounce /var/spool/postfix/corrupt
postfix:root 700 /var/spool/postfix/defer /var/spool/postfix/deferred /var/spool/postfix/flush
postfix:root 700 /var/spool/postfix/hold /var/spool/postfix/incoming /var/spool/postfix/saved
postfix:root 700 /var/spool/postfix/private /var/spool/postfix/trace
postfix:postdrop 1730 /var/spool/postfix/maildrop
postfix:postdrop 2710 /var/spool/postfix/public
root:root 711 /var/spool/postfix-deaf /var/spool/postfix-deaf/pid
postfix:root 700 /var/lib/postfix-deaf /var/spool/postfix-deaf/private
postfix:root 700 /var/spool/postfix-deaf/active /var/spool/postfix-deaf/incoming
postfix:root 700 /var/spool/postfix-deaf/deferred /var/spool/postfix-deaf/bounce
postfix:root 700 /var/spool/postfix-deaf/defer /var/spool/postfix-deaf/trace
postfix:root 700 /var/spool/postfix-deaf/flush /var/spool/postfix-deaf/saved
postfix:root 700 /var/spool/postfix-deaf/hold /var/spool/postfix-deaf/corrupt
postfix:postdrop 1730 /var/spool/postfix-deaf/maildrop
postfix:postdrop 2710 /var/spool/postfix-deaf/public
root:root 700 /var/spool/mqueue
haproxy:haproxy 755 /run/haproxy /var/lib/haproxy
root:courier 775 /run/courier
courier:courier 750 /run/courier/authdaemon
courier:courier 755 /var/lib/courier /var/lib/courier/tmp /var/lib/courier/msgs
courier:courier 755 /var/lib/courier/msgq /var/lib/courier/allfilters /var/lib/courier/filters
Debian-exim:Debian-exim 750 /var/spool/exim4 /var/log/exim
root:root 711 /var/spool/smtpd /var/lib/opensmtpd /var/lib/opensmtpd/empty
root:opensmtpq 770 /var/spool/smtpd/offline
vmail:vmail 755 /var/mail
knot:knot 770 /var/lib/knot /run/knot /var/log/knot
unbound:unbound 755 /var/lib/unbound /var/log/unbound
`;

async function makePlaces(root: string): Promise<void> {
  const users = await ids(join(root, 'etc/passwd'));
  const groups = await ids(join(root, 'etc/group'));
  for (const line of DIRECTORIES.trim().split('\n')) {
    const [owner = '', mode = '', ...paths] = line.split(' ');
    const [user = '', group = ''] = owner.split(':');
    for (const path of paths.map((name) => join(root, name))) {
      await mkdir(path, { recursive: true });
      await chown(path, users.get(user) ?? 0, groups.get(group) ?? 0);
      await chmod(path, Number.parseInt(mode, 8));
    }
  }
}

/** Of /etc/passwd or /etc/group. */
async function ids(file: string): Promise<ReadonlyMap<string, number>> {
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  return new Map(lines.map((line) => [line.split(':')[0] ?? '', Number(line.split(':')[2])]));
}
