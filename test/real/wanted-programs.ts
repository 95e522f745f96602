/** Programs that a check uses: looked for, and fetched where that is possible. */
import { attempt } from './shell.ts';

/** @returns null when all are there */
export async function firstMissing(programs: readonly string[]): Promise<string | null> {
  for (const program of programs) {
    const { code } = await attempt('sh', ['-c', 'command -v "$0"', program]);
    if (code !== 0) return program;
  }
  return null;
}

/** On Debian, as root; elsewhere it does nothing. What can't be had is told, and will be missed. */
export async function installPackages(names: readonly string[]): Promise<void> {
  if (process.getuid?.() !== 0 || (await firstMissing(['apt-get'])) !== null) return;
  if ((await attempt('dpkg', ['--status', ...names])).code === 0) return;
  console.log(`Installing ${names.join(', ')} …`);
  const options = {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeoutMs: 300_000,
  };
  const wait = ['-qq', '-o', 'DPkg::Lock::Timeout=300'];
  await attempt('apt-get', [...wait, 'update'], options);
  const install = [...wait, 'install', '-y', '--no-install-recommends', ...names];
  const { code, stderr } = await attempt('apt-get', install, options);
  if (code !== 0) console.log(stderr);
}
