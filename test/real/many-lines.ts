/**
 * `npx tsx test/real/many-lines.ts [lines] [domains]`: a long list against the lab, by default
 * 100,000 lines over 5,000 domains. The output is the same for `-j 1` and `-j 64`, each domain is
 * asked about once, and memory does not grow with the list.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createLab, type Lab } from '../lab/lab.ts';

const [lines = 100_000, domains = 5_000] = process.argv.slice(2).map(Number);
/** Megabytes. Node takes what it may before it collects, so it is told how much heap there is. */
const HEAP = 256;
const MOST_MEMORY = 450;
/** Seconds that the lab lets an answer of "no such name" be kept. */
const KEPT = 60;

const zone: Record<string, Record<string, string>> = {};
for (let i = 0; i < domains; i++) {
  const domain = `d${i}.example`;
  if (i % 5 === 0) zone[`_submissions._tcp.${domain}`] = { SRV: '0 1 465 smtp.hoster.example' };
  else if (i % 5 < 3) zone[domain] = { MX: '10 aspmx.l.google.com' };
  else if (i % 5 === 3) zone[domain] = { MX: '10 mx.hoster.example' };
}

interface Outcome {
  readonly code: number | null;
  readonly count: number;
  readonly memory: number;
  readonly seconds: number;
}

/** @param file for the lines, without what time does to them */
async function run(
  lab: Lab,
  main: string,
  list: string,
  jobs: number,
  file: string,
): Promise<Outcome> {
  const started = performance.now();
  const args = [...lab.args, '--json', '-t', '60', '-j', String(jobs), '--input', list];
  const child = spawn(process.execPath, [`--max-old-space-size=${HEAP}`, main, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let memory = 0;
  const sampling = setInterval(() => {
    memory = Math.max(memory, peakMemory(child.pid ?? 0));
  }, 250);
  const output = createWriteStream(file);
  let count = 0;
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  for await (const line of createInterface({ input: child.stdout })) {
    output.write(`${line.replaceAll(/"durationMs":\d+/g, '"durationMs":0')}\n`);
    count++;
  }
  const code = await ended;
  clearInterval(sampling);
  const seconds = (performance.now() - started) / 1000;
  await new Promise<void>((resolve) => output.end(resolve));
  return { code, count, memory, seconds };
}

/** Megabytes; 0 where the system does not tell. */
function peakMemory(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

let passed = 0;
let failed = 0;
function check(name: string, ok: boolean, detail: string): void {
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name}: ${detail}`);
  if (ok) passed++;
  else failed++;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'smtp-find-many-'));
  const lab = await createLab({
    zone,
    servers: { 'smtp.gmail.com:465': {}, 'smtp.hoster.example:465': {} },
  });
  try {
    const bundler = fileURLToPath(new URL('../../scripts/bundle.mjs', import.meta.url));
    execFileSync(process.execPath, [bundler, folder]);
    const list = join(folder, 'list.txt');
    // Every domain often, and far apart.
    const all = Array.from({ length: lines }, (_, i) => `u${i}@d${(i * 7919) % domains}.example\n`);
    writeFileSync(list, all.join(''));

    const files = [join(folder, 'many'), join(folder, 'one')] as const;
    const many = await run(lab, join(folder, 'main.js'), list, 64, files[0]);
    const asked = new Map<string, number>();
    for (const { name, type } of lab.requests.dns) {
      if (type === 'MX') asked.set(name, (asked.get(name) ?? 0) + 1);
    }
    const conversations = lab.requests.smtp.length;
    lab.forget();
    const one = await run(lab, join(folder, 'main.js'), list, 1, files[1]);

    const told = ({ count, seconds, memory }: Outcome): string =>
      `${count} lines in ${seconds.toFixed(1)} s, ${Math.round(memory)} MB at most`;
    check('-j 64 answers every line', many.count === lines, told(many));
    check('-j 1 answers every line', one.count === lines, told(one));
    const difference = spawnSync('diff', files, { encoding: 'utf8' });
    check('both say the same', difference.status === 0, difference.stdout.slice(0, 3000));
    check('both exit alike', many.code === one.code, `${many.code} and ${one.code}`);
    const most = Math.max(many.memory, one.memory);
    check('memory is bounded', most < MOST_MEMORY, `${Math.round(most)} MB of ${MOST_MEMORY}`);
    const total = [...asked.values()].reduce((sum, times) => sum + times, 0);
    // Once while the answer may be kept; some are asked again when the lab is slow.
    const fair = asked.size * Math.ceil(many.seconds / KEPT) * 1.1;
    check('each domain is asked about once', total <= fair, `${asked.size} names, ${total} times`);
    check('each server is probed once', conversations <= 2, `${conversations} conversations`);
  } finally {
    await lab.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

await main();
