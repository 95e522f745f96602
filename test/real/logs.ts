/** What the servers thought of us, read in their logs: every conversation ended with QUIT. */
import type { Results } from './results.ts';
import type { World } from './world.ts';

/** Users' machines, but for the neighbour. */
const CLIENT = /(?:\b10\.77\.[1-6]\.2|\bfd77:[1-6]::2)\b/;
/** In Postfix's log: services with which it can't end well, and say so by name. */
const HOPELESS = /^\S+ +\d+ \S+ \S+ (?:outdated|mistaken|rejects|insists)\/smtpd\[/;

export async function checkLogs(world: World, results: Results): Promise<void> {
  results.heading('What the servers logged');
  const postfix = (await mine(world, 'postfix')).filter((line) => !HOPELESS.test(line));
  const sessions = postfix.filter((line) => / disconnect from /.test(line));
  results.add(
    `Postfix: QUIT at the end of ${sessions.length} conversations`,
    atLeast(sessions, 50, (line) => / quit=1 /.test(line)),
  );
  results.add(
    'Postfix: no lost connection, no talking out of turn, no bad greeting',
    postfix.filter((line) =>
      /lost connection|pipelining|PREGREET|HANGUP|NON-SMTP|NOQUEUE|timeout after/.test(line),
    ),
  );

  const exim = (await mine(world, 'exim')).filter((line) => / no MAIL in /.test(line));
  results.add(
    `Exim: EHLO, STARTTLS and QUIT alone in ${exim.length} conversations`,
    atLeast(exim, 14, (line) => / C=(?:EHLO,STARTTLS,)?EHLO,QUIT$/.test(line)),
  );

  // Each line begins with the session's number.
  const all = (await world.log('opensmtpd')).split('\n');
  const numbers = new Set(
    all.filter((line) => CLIENT.test(line) && / smtp connected /.test(line)).map(session),
  );
  const ends = all.filter((line) => / smtp disconnected /.test(line) && numbers.has(session(line)));
  results.add(
    `OpenSMTPD: QUIT at the end of ${ends.length} conversations`,
    atLeast(ends, 14, (line) => line.endsWith(' reason=quit')),
  );

  const dovecot = (await mine(world, 'dovecot')).filter((line) => / Disconnected: /.test(line));
  results.add(
    `Dovecot: QUIT at the end of ${dovecot.length} conversations`,
    atLeast(dovecot, 14, (line) => /Aborted login by logging out \(no auth attempts/.test(line)),
  );
}

async function mine(world: World, name: Parameters<World['log']>[0]): Promise<string[]> {
  return (await world.log(name)).split('\n').filter((line) => CLIENT.test(line));
}

function session(line: string): string {
  return line.split(' ', 1)[0] ?? '';
}

/** The lines that are not good; and that there were so many at all. */
function atLeast(
  lines: readonly string[],
  count: number,
  isGood: (line: string) => boolean,
): string[] {
  const few = lines.length < count ? [`expected at least ${count} conversations`] : [];
  return [...few, ...lines.filter((line) => !isGood(line))];
}
