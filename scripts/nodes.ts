/** The releases of Node that package.json promises. npm's `node` package has the binaries. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The oldest, the long-term releases and the newest. */
export const nodeReleases: readonly string[] = ['20', '22', '24', 'latest'];

const FETCH_MS = 2 * 60_000;

export interface NodeBinary {
  readonly path: string;
  /** `v20.20.2` */
  readonly version: string;
}

/** Fetched once and kept in npm's cache of commands. */
export async function fetchNode(release: string): Promise<NodeBinary> {
  const show = 'process.execPath + "\\n" + process.version';
  const args = ['exec', '--yes', `--package=node@${release}`, '--', 'node', '-p', show];
  const options = { timeout: FETCH_MS, killSignal: 'SIGKILL' } as const;
  const { stdout } = await promisify(execFile)('npm', args, options);
  const [path = '', version = ''] = stdout.trim().split('\n');
  return { path, version };
}
