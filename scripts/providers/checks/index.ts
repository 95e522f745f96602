/** Everything that `npm run data:check` looks for in the provider files. */
import { formatProvider, type ProviderFile } from '../format.ts';
import { type LeftOut, readLeftOut } from '../left-out.ts';
import type { OurText } from '../ours.ts';
import { type Checks, inFile } from './check.ts';
import { domainChecks } from './domains.ts';
import { factChecks } from './facts.ts';
import { nameChecks } from './names.ts';
import { noteChecks } from './notes.ts';
import { patternChecks } from './patterns.ts';
import { serverChecks } from './servers.ts';
import { readShape } from './shape.ts';

export interface Surroundings {
  readonly leftOut: LeftOut;
  /** The present one, YYYY-MM. */
  readonly month: string;
}

/**
 * A line for each thing to mend. Where a file's shape is wrong, that comes first: the rest is only
 * looked for in files that can be read.
 */
export function findings(
  texts: readonly OurText[],
  surroundings: Surroundings = { leftOut: readLeftOut(), month: thisMonth() },
): string[] {
  const read = texts.map(readShape);
  const broken = read.flatMap((shape) => (Array.isArray(shape) ? shape : []));
  if (broken.length > 0) return broken;
  const providers = read.flatMap((shape) => (Array.isArray(shape) ? [] : [shape]));
  const found = Object.values(checks(surroundings)).flatMap((check) => check(providers));
  return [...found, ...spelling(texts)];
}

export function checks({ leftOut, month }: Surroundings): Checks {
  return {
    ...nameChecks,
    ...domainChecks(leftOut),
    ...patternChecks,
    ...serverChecks,
    ...noteChecks,
    ...factChecks(month),
  };
}

function spelling(texts: readonly OurText[]): string[] {
  return texts
    .filter(({ text }) => text !== formatProvider(JSON.parse(text) as ProviderFile))
    .map(({ file }) => inFile(file, 'not sorted and spelled in the one way: npm run data:format'));
}

function thisMonth(): string {
  return new Date().toISOString().slice(0, 7);
}
