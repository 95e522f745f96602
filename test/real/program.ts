/** The program as it is shipped, run on one of the users' machines. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, realpath, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Client, clients } from './network.ts';
import { attempt, must, type Output } from './shell.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** Builds what is out of date, and copies what is shipped, since somebody else may build meanwhile. */
export async function copyProgram(to: string, say: (text: string) => void): Promise<void> {
  const built = await stat(join(REPOSITORY, 'dist/cli/main.js')).catch(() => null);
  const edited = await Promise.all(['src', 'data/providers', 'package.json'].map(lastEdit));
  if (built === null || built.mtimeMs < Math.max(...edited)) {
    say('Building …');
    await must(process.execPath, [join(REPOSITORY, 'scripts/build.mjs')], { timeoutMs: 120_000 });
  }
  for (const name of ['bin', 'dist/cli', 'package.json']) {
    await cp(join(REPOSITORY, name), join(to, name), { recursive: true });
  }
}

async function lastEdit(name: string): Promise<number> {
  const path = join(REPOSITORY, name);
  const { mtimeMs } = await stat(path);
  const entries = await readdir(path, { recursive: true }).catch(() => []);
  const times = await Promise.all(
    entries.map(async (entry) => (await stat(join(path, entry))).mtimeMs),
  );
  return Math.max(mtimeMs, ...times);
}

export interface Run extends Output {
  readonly durationMs: number;
}

export interface RunOptions {
  readonly client?: Client;
  readonly stdin?: string;
  /** On top of an environment that holds nothing of this machine's. */
  readonly env?: Readonly<Record<string, string>>;
}

export class Machines {
  readonly #program: string;
  readonly #settings: string;
  readonly #namespaces: string;
  readonly #resolvConf: string;

  private constructor(program: string, settings: string, namespaces: string, resolvConf: string) {
    this.#program = program;
    this.#settings = settings;
    this.#namespaces = namespaces;
    this.#resolvConf = resolvConf;
  }

  /**
   * @param program where `copyProgram` put it
   * @param settings a directory to keep the machines' files in
   * @param root where the network namespaces were made
   */
  static async create(program: string, settings: string, root: string): Promise<Machines> {
    await mkdir(settings, { recursive: true });
    for (const [name, client] of Object.entries(clients)) {
      const hasIPv4 = client.families.some((family) => family === 4);
      const usual = hasIPv4 ? '192.0.2.53' : '2001:db8::53';
      const resolver = 'resolver' in client ? client.resolver : usual;
      await writeFile(join(settings, `${name}.conf`), `nameserver ${resolver}\n`);
    }
    await writeFile(join(settings, 'hosts'), '127.0.0.1 localhost\n::1 localhost\n');
    // A name that says nothing, so that the program calls itself by its address.
    await writeFile('/proc/sys/kernel/hostname', 'laptop');
    return new Machines(program, settings, join(root, 'run/netns'), await resolvConf());
  }

  smtpFind(args: readonly string[], options: RunOptions = {}): Promise<Run> {
    const launcher = join(this.#program, 'bin/smtp-find.js');
    return this.run([process.execPath, launcher, ...args], options);
  }

  /** Connects, waits for the server's first word, and stays till the end of the run. */
  async holdConnection(address: string, port: number): Promise<void> {
    const script = `net.connect(${port}, '${address}').pipe(process.stdout)`;
    const namespace = `--net=${join(this.#namespaces, 'home')}`;
    const child = spawn('nsenter', [namespace, process.execPath, '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [word] = (await once(child.stdout, 'data')) as [Buffer];
    if (!/^220/.test(word.toString())) throw new Error(`${address}:${port} says ${word}`);
  }

  /** Any command, with the machine's network and resolver. */
  async run(command: readonly string[], options: RunOptions = {}): Promise<Run> {
    const { client = 'home', stdin = '', env = {} } = options;
    const script = `[ ! -e /etc/hosts ] || mount --bind "$1" /etc/hosts && mount --bind "$2" "$3" && shift 3 && exec "$@"`;
    const files = [join(this.#settings, 'hosts'), join(this.#settings, `${client}.conf`)];
    const started = performance.now();
    const output = await attempt(
      'nsenter',
      [
        `--net=${join(this.#namespaces, client)}`,
        ...['unshare', '--mount', 'sh', '-c', script, 'machine', ...files, this.#resolvConf],
        ...command,
      ],
      { stdin, env: { PATH: process.env.PATH, HOME: '/tmp', LANG: 'C.UTF-8', ...env } },
    );
    return { ...output, durationMs: performance.now() - started };
  }
}

/** Where the file really is. A link to nowhere is given its end, in memory. */
async function resolvConf(): Promise<string> {
  const path = (await must('realpath', ['-m', '/etc/resolv.conf'])).trim();
  const there = await realpath(path).catch(() => null);
  if (there !== null) return there;
  await mkdir(dirname(path), { recursive: true });
  await must('mount', ['-t', 'tmpfs', 'tmpfs', dirname(path)]);
  await writeFile(path, '');
  return path;
}
