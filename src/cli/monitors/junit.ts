/**
 * JUnit's XML, as CI systems show it: a test case for each query. What all readers agree on: the
 * schema of Ant's report and Jenkins' are both kept to.
 */
import { printable } from '../../model/printable.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Monitored } from './monitored.ts';

/** What is not as it should be is a failure; what could not be found out is an error. */
const OUTCOMES: Readonly<Record<number, readonly ['failure' | 'error', type: string]>> = {
  [exitCodes.notFound]: ['failure', 'not-found'],
  [exitCodes.unverified]: ['failure', 'not-verified'],
  [exitCodes.loginRefused]: ['failure', 'login-refused'],
  [exitCodes.badInput]: ['error', 'bad-input'],
  [exitCodes.noNetwork]: ['error', 'no-network'],
  [exitCodes.internal]: ['error', 'internal'],
};

/** @param began in milliseconds since 1970 */
export function renderJunit(items: readonly Monitored[], began: number, tookMs: number): string {
  const cases = items.map((item) => ({ item, outcome: outcomeOf(item) }));
  const count = (wanted: 'failure' | 'error'): number =>
    cases.filter(({ outcome }) => outcome?.[0] === wanted).length;
  const suite = attributes({
    id: '0',
    name: 'smtp-find',
    package: 'smtp-find',
    // Ant's word for a name that is nobody's business.
    hostname: 'localhost',
    timestamp: new Date(began).toISOString().slice(0, 19),
    tests: String(items.length),
    failures: String(count('failure')),
    errors: String(count('error')),
    time: seconds(tookMs),
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite${suite}>`,
    '    <properties/>',
    ...cases.flatMap(({ item, outcome }) => testCase(item, outcome)),
    '    <system-out/>',
    '    <system-err/>',
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

type Outcome = readonly ['failure' | 'error', type: string] | null;

function outcomeOf({ exitCode, answerCode }: Monitored): Outcome {
  if (exitCode === exitCodes.verified) return null;
  if (answerCode === exitCodes.verified) return ['failure', 'check'];
  return OUTCOMES[exitCode] ?? ['error', 'internal'];
}

function testCase({ query, durationMs, reasons }: Monitored, outcome: Outcome): string[] {
  const of = attributes({ name: query, classname: 'smtp-find', time: seconds(durationMs) });
  if (outcome === null) return [`    <testcase${of}/>`];
  const [element, type] = outcome;
  const why = attributes({ message: reasons[0] ?? type, type });
  return [
    `    <testcase${of}>`,
    `      <${element}${why}>${reasons.map(escaped).join('\n')}</${element}>`,
    '    </testcase>',
  ];
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join('');
}

const NAMED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Without what XML 1.0 can't hold at all. */
function escaped(text: string): string {
  return printable(text)
    .replace(/[\ufffe\uffff]/g, '')
    .replace(/[&<>"']/g, (sign) => NAMED[sign] ?? '');
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
