/**
 * Servers and mailers, from Debian's packages, unpacked with all that they need into roots of their own.
 * Nothing is installed: packages that exclude one another lie side by side, and the machine stays
 * as it was. Kept between runs.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { attempt, must } from './shell.ts';

/** Packages by release of Debian. Each group is resolved alone: one mail server excludes another. */
type Recipe = Readonly<Record<string, readonly (readonly string[])[]>>;

const SERVERS = {
  bookworm: [
    ['postfix', 'libsasl2-modules', 'sasl2-bin'],
    ['exim4-daemon-light'],
    ['dovecot-core', 'dovecot-submissiond'],
    ['sendmail-bin'],
    ['courier-mta'],
    ['haproxy', 'stunnel4', 'busybox'],
    ['knot', 'knot-dnsutils', 'unbound', 'nginx-light', 'libnginx-mod-mail'],
    ['openssl', 'iproute2', 'nftables', 'coreutils', 'dash', 'sed', 'grep'],
    ['swaks', 'libnet-ssleay-perl'],
  ],
  // The OpenSMTPD of bookworm cannot do TLS at all (OpenSMTPD issue 1171).
  trixie: [['opensmtpd']],
} as const satisfies Recipe;
export type Release = keyof typeof SERVERS;

/** Those that `--format` writes for, where each test would rather not install them. */
const MAILERS = {
  trixie: [
    ['exim4-daemon-light'],
    ['opensmtpd'],
    ['nullmailer'],
    ['dma'],
    ['s-nail', 'aerc'],
    ['python3-django'],
    ['ruby-actionmailer', 'ruby-mail'],
    [
      'php-cli',
      'php-symfony-mailer',
      'php-symfony-dotenv',
      'php-illuminate-mail',
      'php-vlucas-phpdotenv',
    ],
    ['kubectl'],
    ['openjdk-21-jre-headless', 'libspring-context-support-java', 'libmail-java', 'bsh'],
    ['systemd', 'openssl', 'util-linux', 'coreutils', 'dash', 'sed', 'grep', 'mawk'],
  ],
} as const satisfies Recipe;

/** Raise it when the way of unpacking changes. */
const LAYOUT = 2;

/** @returns for each release the directory with its root */
export async function unpackedRoots(
  say: (text: string) => void,
): Promise<Readonly<Record<Release, string>>> {
  const kept = await unpacked(SERVERS, say);
  return { bookworm: join(kept, 'bookworm'), trixie: join(kept, 'trixie') };
}

/** @returns the directory with the root of all mailers */
export async function mailersRoot(say: (text: string) => void): Promise<string> {
  return join(await unpacked(MAILERS, say), 'trixie');
}

async function unpacked(releases: Recipe, say: (text: string) => void): Promise<string> {
  const recipe = JSON.stringify([LAYOUT, releases, process.arch]);
  const key = createHash('sha256').update(recipe).digest('hex').slice(0, 12);
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'smtp-find-real');
  const kept = join(cache, key);
  if (!existsSync(kept)) {
    await mkdir(cache, { recursive: true });
    const making = await mkdtemp(join(cache, 'making-'));
    try {
      await make(making, releases, say);
      // Somebody else may have been faster.
      await rename(join(making, 'roots'), kept).catch((error: unknown) => {
        if (!existsSync(kept)) throw error;
      });
    } finally {
      await rm(making, { recursive: true, force: true });
    }
  }
  return kept;
}

async function make(
  directory: string,
  releases: Recipe,
  say: (text: string) => void,
): Promise<void> {
  say('Downloading mail servers and tools from Debian (kept for the next run) …');
  for (const [release, groups] of Object.entries(releases)) {
    const apt = join(directory, `apt-${release}`);
    await download(apt, release, groups);
    const debs = (await readdir(join(apt, 'archives'))).filter((name) => name.endsWith('.deb'));
    say(`Unpacking ${debs.length} packages of ${release} …`);
    const root = join(directory, 'roots', release);
    await unpack(
      debs.sort().map((name) => join(apt, 'archives', name)),
      root,
    );
    await writeFile(join(root, 'packages'), debs.map((name) => `${name}\n`).join(''));
  }
}

/** With a state of its own: as on a machine where nothing is installed, and changing nothing here. */
async function download(
  apt: string,
  release: string,
  groups: readonly (readonly string[])[],
): Promise<void> {
  for (const name of ['archives/partial', 'lists/partial', 'sources']) {
    await mkdir(join(apt, name), { recursive: true });
  }
  await writeFile(join(apt, 'status'), '');
  await writeSources(join(apt, 'sources'), release);
  const options = [
    ...['-qq', '-y', '-o', `Dir::Etc::SourceList=${join(apt, 'none')}`],
    ...['-o', `Dir::Etc::SourceParts=${join(apt, 'sources')}`],
    ...['-o', `Dir::Etc::Preferences=${join(apt, 'none')}`],
    ...['-o', `Dir::Etc::PreferencesParts=${join(apt, 'none')}`],
    ...['-o', `Dir::State::lists=${join(apt, 'lists')}`],
    ...['-o', `Dir::State::status=${join(apt, 'status')}`],
    ...['-o', `Dir::Cache::archives=${join(apt, 'archives')}`],
    ...['-o', 'Dir::Cache::pkgcache=', '-o', 'Dir::Cache::srcpkgcache='],
    ...['-o', 'APT::Install-Recommends=false', '-o', 'APT::Sandbox::User=root'],
    ...['-o', 'Acquire::Retries=3', '-o', 'Debug::NoLocking=true'],
  ];
  // A third party's source may be broken; what is missing shows below.
  const update = await attempt('apt-get', [...options, 'update'], { timeoutMs: 300_000 });
  for (const group of groups) {
    const args = [...options, '--download-only', 'install', ...group];
    const { code, stderr } = await attempt('apt-get', args, { timeoutMs: 600_000 });
    if (code !== 0) throw new Error(`apt-get ${group.join(' ')}:\n${update.stderr}${stderr}`);
  }
}

/** This machine's own sources, so that its mirrors are used, turned to another release. */
async function writeSources(directory: string, release: string): Promise<void> {
  const own = /^VERSION_CODENAME=(\w+)$/m.exec(await readFile('/etc/os-release', 'utf8'))?.[1];
  if (own === undefined) throw new Error('/etc/os-release has no VERSION_CODENAME');
  const files = ['/etc/apt/sources.list'];
  for (const name of await readdir('/etc/apt/sources.list.d').catch(() => [])) {
    if (/\.(?:list|sources)$/.test(name)) files.push(join('/etc/apt/sources.list.d', name));
  }
  for (const [i, file] of files.entries()) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (!text.includes(own)) continue;
    const turned = text.replaceAll(new RegExp(`\\b${own}\\b`, 'g'), release);
    await writeFile(
      join(directory, `${i}.${file.endsWith('.sources') ? 'sources' : 'list'}`),
      turned,
    );
  }
}

async function unpack(debs: readonly string[], root: string): Promise<void> {
  for (const directory of ['bin', 'sbin', 'lib', 'lib64']) {
    await mkdir(join(root, 'usr', directory), { recursive: true });
    await symlink(join('usr', directory), join(root, directory));
  }
  // Not `dpkg-deb -x`: that would put directories in the place of these links.
  const script = `for deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink -C "$ROOT" \
      --exclude=./usr/share/doc --exclude=./usr/share/man --exclude=./usr/share/locale || exit
  done`;
  await must('sh', ['-c', script, 'unpack', ...debs], {
    env: { ...process.env, ROOT: root },
    timeoutMs: 300_000,
  });
  // Where a run mounts what it changes.
  for (const directory of [
    'dev',
    'proc',
    'run',
    'srv',
    'sys',
    'tmp',
    'etc',
    'var/log',
    'var/lib',
  ]) {
    await mkdir(join(root, directory), { recursive: true });
  }
  await rm(join(root, 'var/run'), { recursive: true, force: true });
  await symlink('/run', join(root, 'var/run'));
}
