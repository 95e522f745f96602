/**
 * `npm run bench [-- ROUNDS]`: start-up next to Node's own, and time to a verified answer next to
 * the sum of round trips that no program could save. Ratios, since machines differ.
 */
import { lookups } from './lookups.ts';
import { ROUND_TRIP_MS } from './scenario.ts';
import { startUp } from './start-up.ts';

const rounds = Number(process.argv[2] ?? 15);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error('usage: npm run bench [-- ROUNDS]');
  process.exit(2);
}

console.log(`Start-up (median of ${rounds} interleaved runs after a warm-up)\n`);
console.log(await startUp(rounds));

console.log(`
Time to a verified answer at ${ROUND_TRIP_MS} ms a round trip, as a ratio to the sum of round trips on
the shortest possible path (median and worst of ${rounds} runs after a warm-up; nothing cached between runs;
"process" is the whole command, from spawn to exit)\n`);
console.log(await lookups(rounds));
