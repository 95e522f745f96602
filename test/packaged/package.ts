/**
 * `npm run test:package`: the tarball that `npm publish` would send, installed as users do, globally
 * and into a project, on every Node that package.json promises. npm takes the dependencies from its
 * cache, else from the registry. Debian's `man` is installed where it is missing and that is possible.
 */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchNode, type NodeBinary, nodeReleases } from '../../scripts/nodes.ts';
import { Results } from '../real/results.ts';
import { attempt, must, type Output } from '../real/shell.ts';
import { firstMissing, installPackages } from '../real/wanted-programs.ts';
import { createShop, type Installed, run, tryCommand } from './command.ts';

/** Packed; a third more than it has. */
const MOST_BYTES = 850_000;

const root = fileURLToPath(new URL('../..', import.meta.url));
const results = new Results();
const scratch = mkdtempSync(join(tmpdir(), 'smtp-find-package-'));
const lab = await createShop();
try {
  await installPackages(['man-db']);
  const tarball = await pack();
  await inspect(tarball);
  for (const release of nodeReleases) await tryOn(await fetchNode(release), tarball);
  results.heading('Other ways');
  await tryNpx(tarball);
  await tryFolder();
} finally {
  await lab.stop();
  rmSync(scratch, { recursive: true, force: true });
}
results.conclude();

async function pack(): Promise<string> {
  const folder = join(scratch, 'packed');
  mkdirSync(folder);
  await must('npm', ['pack', '--pack-destination', folder], { cwd: root, timeoutMs: 120_000 });
  const [name = ''] = readdirSync(folder);
  return join(folder, name);
}

async function inspect(tarball: string): Promise<void> {
  const list = (await must('tar', ['-tzf', tarball])).trim().split('\n');
  const files = list.map((path) => path.replace(/^package\//, ''));
  const bytes = statSync(tarball).size;
  results.heading(`The tarball: ${files.length} files, ${Math.round(bytes / 1000)} kB`);

  const known =
    /^(?:package\.json|README\.md|CHANGELOG\.md|LICENSE|bin\/.*|dist\/(?:cli|completions|lib)\/.*|data\/report\.schema\.json|man\/smtp-find\.1|docs\/.*)$/;
  const strangers = files.filter((path) => !known.test(path) || /^docs\/adr|\.map$/.test(path));
  results.add('has nothing that nobody needs', strangers);
  const wanted = [
    'dist/cli/main.js',
    'dist/cli/LICENSES.txt',
    'dist/lib/index.d.ts',
    'dist/completions/smtp-find.bash',
    'dist/completions/_smtp-find',
    'dist/completions/smtp-find.fish',
    'docs/install.md',
    'man/smtp-find.1',
  ];
  results.add(
    'has all that README names',
    wanted.filter((path) => !files.includes(path)),
  );
  results.add('is small', bytes > MOST_BYTES ? [`${bytes} bytes, more than ${MOST_BYTES}`] : []);
}

async function tryOn({ path, version }: NodeBinary, tarball: string): Promise<void> {
  results.heading(`Node ${version}`);
  const folder = join(scratch, version);
  const PATH = [dirname(path), process.env.PATH].join(delimiter);
  const npm = (cwd: string, args: readonly string[]): Promise<Output> =>
    attempt('npm', [...args, '--prefer-offline', '--no-audit', '--no-fund'], {
      cwd,
      env: { ...process.env, PATH },
      timeoutMs: 120_000,
    });

  const prefix = join(folder, 'global');
  mkdirSync(prefix, { recursive: true });
  const global = await npm(prefix, ['install', '--global', '--prefix', prefix, tarball]);
  results.add('installs as a command', complaintsOf(global));
  const command = { command: join(prefix, 'bin', 'smtp-find'), path: PATH };
  results.add('the command works', await tryCommand(command, lab));
  await tryMan(prefix);
  results.add(
    'its completions are those of the command',
    await compareCompletions(command, prefix),
  );

  const project = join(folder, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
  results.add('installs into a project', complaintsOf(await npm(project, ['install', tarball])));
  const npx = { command: 'npx', args: ['smtp-find'], path: PATH, cwd: project };
  const offline = await run(npx, ['--offline', '--json', 'you@gmail.com']);
  results.add('npx runs it there', complaintsOf(offline, '"host":"smtp.gmail.com"'));
  await tryLibrary(project, path);
}

async function tryLibrary(project: string, node: string): Promise<void> {
  const source = `import { createSession, type Report } from 'smtp-find';
import schema from 'smtp-find/report.schema.json' with { type: 'json' };

const session = await createSession(${JSON.stringify(lab.options)});
const { status, settings }: Report = await session.find('you@example.com');
await session.close();
const port: number | undefined = settings?.port;
console.log(status, settings?.host, port, typeof schema);
`;
  writeFileSync(join(project, 'use.ts'), source);
  writeFileSync(
    join(project, 'use.js'),
    source.replace(', type Report', '').replace(': Report', '').replace(': number | undefined', ''),
  );
  writeFileSync(
    join(project, 'use.cjs'),
    "import('smtp-find').then(({ findSmtp }) => console.log(typeof findSmtp));\n",
  );
  const answer = 'verified smtp.example.com 465 object';
  const used = await attempt(node, ['use.js'], { cwd: project });
  results.add('the library works', complaintsOf(used, answer));
  const common = await attempt(node, ['use.cjs'], { cwd: project });
  results.add('and from CommonJS, with import()', complaintsOf(common, 'function'));

  const types = await attempt(
    process.execPath,
    [
      join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
      ...['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022'],
      ...['--resolveJsonModule', '--skipLibCheck', '--types', 'node'],
      ...['--typeRoots', join(root, 'node_modules', '@types'), 'use.ts'],
    ],
    { cwd: project },
  );
  results.add('its types resolve', complaintsOf({ ...types, stderr: types.stdout + types.stderr }));
}

/** As a user's shell has it: with the command's folder in PATH, and nothing in MANPATH. */
async function tryMan(prefix: string): Promise<void> {
  const name = 'man finds the page';
  if ((await firstMissing(['man'])) !== null) return results.skip(name, 'man is missing');
  const env = { PATH: [join(prefix, 'bin'), process.env.PATH].join(delimiter), LANG: 'C.UTF-8' };
  const shown = await attempt('man', ['smtp-find'], { env: { ...env, MANPAGER: 'cat' } });
  results.add(name, complaintsOf(shown, 'SMTP-FIND(1)'));
}

async function compareCompletions(command: Installed, prefix: string): Promise<string[]> {
  const folder = join(prefix, 'lib', 'node_modules', 'smtp-find', 'dist', 'completions');
  const files = { bash: 'smtp-find.bash', zsh: '_smtp-find', fish: 'smtp-find.fish' };
  const differing = await Promise.all(
    Object.entries(files).map(async ([shell, file]) => {
      const { stdout } = await run(command, ['--completion', shell]);
      return stdout === readFileSync(join(folder, file), 'utf8') ? [] : [file];
    }),
  );
  return differing.flat();
}

/** Without installing anything: as `npx smtp-find` once it is published. */
async function tryNpx(tarball: string): Promise<void> {
  // Packages from the usual cache, the command into one of our own.
  const cache = join(scratch, 'cache');
  mkdirSync(cache);
  const usual = (await must('npm', ['config', 'get', 'cache'])).trim();
  symlinkSync(join(usual, '_cacache'), join(cache, '_cacache'));
  const args = [
    '--yes',
    '--prefer-offline',
    `--package=${tarball}`,
    'smtp-find',
    '--offline',
    'you@gmail.com',
  ];
  const env = { ...process.env, npm_config_cache: cache };
  const output = await attempt('npx', args, { env, cwd: scratch, timeoutMs: 120_000 });
  results.add('npx runs it without installing', complaintsOf(output, 'smtp.gmail.com'));
}

/** What README says to do in a clone, which is built already. */
async function tryFolder(): Promise<void> {
  const prefix = join(scratch, 'clone');
  mkdirSync(prefix);
  const args = ['install', '--global', '--ignore-scripts', '--no-audit', '--prefix', prefix, '.'];
  results.add('a clone installs', complaintsOf(await attempt('npm', args, { cwd: root })));
  const command = { command: join(prefix, 'bin', 'smtp-find'), path: process.env.PATH ?? '' };
  results.add('the command works', await tryCommand(command, lab));
  await tryMan(prefix);
}

function complaintsOf({ code, stdout, stderr }: Output, wanted = ''): string[] {
  return code === 0 && stdout.includes(wanted) ? [] : [`exit code ${code}\n${stdout}${stderr}`];
}
