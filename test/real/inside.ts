/** The run itself, as the first process of its namespaces: see main.ts. */
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { Case } from './cases/case.ts';
import { cases, WAITING } from './cases/index.ts';
import { differences } from './expectation.ts';
import { tryLogins } from './logins.ts';
import { checkLogs } from './logs.ts';
import { runMatrix } from './matrix.ts';
import { checkOutput } from './output.ts';
import { Machines, type Run } from './program.ts';
import { fewAtOnce, Results } from './results.ts';
import type { Roots } from './roots.ts';
import { checkLogins, checkPlaintext } from './servers-check.ts';
import { compareWithSwaks } from './swaks.ts';
import { createWorld } from './world.ts';

process.stdin.once('end', () => process.exit(1)).resume();

const AT_ONCE = 4;
/** Of the cases that wait for a server, which cost the machine nothing. */
const WAITING_AT_ONCE = 12;

const task = JSON.parse(process.argv[2] ?? '{}') as {
  roots: Roots;
  scratch: string;
  /** Words of a case's heading or name; everything, when there are none. */
  only: readonly string[];
};
const all = task.only.length === 0;
const mountPoint = join(task.scratch, 'world');
await mkdir(mountPoint);
const started = performance.now();
const world = await createWorld(task.roots, mountPoint);
console.log(`The world is up after ${seconds(started)}.`);
const machines = await Machines.create(
  join(task.scratch, 'program'),
  join(mountPoint, 'settings'),
  world.root,
);
// The one connection that this server takes from the user's machine: see cases/limits.ts.
await machines.holdConnection('198.51.100.130', 587);
const results = new Results();
const isValid = validator();

const find = (
  query: string,
  args: readonly string[] = [],
  more: Partial<Case> = {},
): Promise<Run> => {
  const { client = 'home', trust, password } = more;
  const cacert = trust === undefined ? ['--cacert', world.cacert] : [];
  const login = password === undefined ? [] : ['--login'];
  const env = {
    ...(trust === 'SSL_CERT_FILE' && { SSL_CERT_FILE: world.cacert }),
    ...(password !== undefined && { SMTP_FIND_PASSWORD: password }),
  };
  return machines.smtpFind([query, ...cacert, ...login, '--json', ...args], { client, env });
};

const setting = { find, isValid, results, world };
if (all) {
  await section(() => checkPlaintext(setting));
  await section(() => runMatrix(setting));
}
for (const [heading, group] of Object.entries(cases)) {
  const wanted = group.filter(({ name }) => all || isWanted(`${heading}: ${name}`));
  if (wanted.length > 0) await section(() => runCases(heading, wanted));
}
if (all) {
  await section(() => checkOutput(machines, world.cacert, results));
  await section(() => checkLogs(world, results));
  await section(() => checkLogins(setting));
  await section(() => tryLogins(world, results));
  await section(() => compareWithSwaks(machines, world, results));
}
console.log(`\n${seconds(started)} in all.`);
console.log(`${results.passed} passed, ${results.failed} failed`);
process.exit(results.failed === 0 ? 0 : 1);

/** One that breaks off is a failure, and no reason to leave out the rest. */
async function section(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    results.add('broke off', [error instanceof Error ? String(error.stack) : String(error)]);
  }
}

function isWanted(words: string): boolean {
  return task.only.some((part) => words.includes(part));
}

async function runCases(heading: string, group: readonly Case[]): Promise<void> {
  results.heading(heading);
  const atOnce = heading === WAITING ? WAITING_AT_ONCE : AT_ONCE;
  const runs = await fewAtOnce(group, atOnce, (item) => find(item.query, item.args, item));
  group.forEach((item, i) => {
    const run = runs[i];
    if (run === undefined) return;
    const complaints = differences(run, item.expected, isValid);
    const login = item.password === undefined ? [] : ['--login'];
    const command = ['smtp-find', item.query, ...login, ...(item.args ?? [])].join(' ');
    const where = item.client ? ` [${item.client}]` : '';
    results.add(item.name, complaints, `  (${command}${where}, ${Math.round(run.durationMs)} ms)`);
    if (!all) console.log(run.stdout);
  });
}

function validator(): (json: unknown) => string[] {
  const schema = new URL('../../data/report.schema.json', import.meta.url);
  const validate = new Ajv({ strictTypes: false, strictRequired: false }).compile(
    JSON.parse(readFileSync(schema, 'utf8')) as object,
  );
  return (json) =>
    validate(json)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
