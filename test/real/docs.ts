/**
 * `npm run test:docs`: the commands in the documents that need more than a shell: GNU parallel, jq,
 * git, man, a terminal; and that the package installs. The others are run by test/docs. On Debian,
 * as root, missing programs are installed; elsewhere what is missing is skipped, which in CI counts
 * as a failure.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packages } from '../docs/expectations.ts';
import { lessons } from '../docs/lessons.ts';
import { programsOf, runLesson } from '../docs/run-lesson.ts';
import { createDocsWorld } from '../docs/world.ts';
import { Results } from './results.ts';
import { attempt, must } from './shell.ts';
import { firstMissing, installPackages } from './wanted-programs.ts';

const results = new Results();

async function main(): Promise<void> {
  const here = lessons.filter((lesson) => programsOf(lesson).length > 0);
  await getPrograms([...new Set(here.flatMap(programsOf))]);
  const world = await createDocsWorld();
  try {
    await makeRepository(world.clone);
    for (const lesson of here) {
      const name = `${lesson.place}: ${lesson.steps.map(({ command }) => command).join('; ')}`;
      const missing = await firstMissing(programsOf(lesson));
      if (missing === null) results.add(name, await runLesson(lesson, world));
      else results.skip(name, `${missing} is missing`);
    }
  } finally {
    await world.stop();
  }
  await tryInstalling();
  results.conclude();
}

async function getPrograms(programs: readonly string[]): Promise<void> {
  if ((await firstMissing(programs)) === null) return;
  await installPackages(programs.map((program) => packages[program] ?? program));
}

/** As a command and into a project, as README says; in folders of their own. */
async function tryInstalling(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'smtp-find-docs-'));
  const clone = fileURLToPath(new URL('../..', import.meta.url));
  const env = { ...process.env, npm_config_prefix: folder, CLONE: clone, FOLDER: folder };
  const ways = {
    'npm install --global .': 'cd "$CLONE" && npm install --global . && "$FOLDER/bin/smtp-find" -V',
    'npm install /path/to/smtp-find': [
      'cd "$FOLDER" && npm install "$CLONE"',
      `node --input-type=module -e "import { findSmtp } from 'smtp-find'"`,
    ].join(' && '),
  };
  try {
    for (const [name, script] of Object.entries(ways)) {
      const { code, stderr } = await attempt('sh', ['-c', script], { env, timeoutMs: 300_000 });
      results.add(name, code === 0 ? [] : [stderr]);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** For those who clone it. */
async function makeRepository(folder: string): Promise<void> {
  if ((await firstMissing(['git'])) !== null) return;
  const who = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.com'];
  await must('git', ['-C', folder, 'init', '--quiet']);
  await must('git', ['-C', folder, 'add', '.']);
  await must('git', ['-C', folder, ...who, 'commit', '--quiet', '-m', 'A clone']);
}

await main();
