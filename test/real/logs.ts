/**
 * What the servers thought of us, read in their logs: every conversation ended with QUIT, and
 * nobody complains. What they complain of for a reason of their own is excused, with the reason.
 */
import type { Results } from './results.ts';
import type { World } from './world.ts';

/** Users' machines, but for the neighbour. */
const CLIENT = /(?:\b10\.77\.[1-8]\.2|\bfd77:[1-8]::2)\b/;

type LogName = Parameters<World['log']>[0];

/** One server, and how to read its log. */
interface Watched {
  readonly server: string;
  readonly log: LogName;
  /** The lines that are about us; default those with the address of a user's machine. */
  readonly ours?: RegExp;
  /** Where it had no choice but to complain, and why. */
  readonly excused: readonly (readonly [line: RegExp, why: string])[];
  readonly conversations: {
    /** There is such a line for each of them. */
    readonly line: RegExp;
    /** Where it tells how they ended: after QUIT. */
    readonly good?: RegExp;
    readonly atLeast: number;
  };
  /** A line with which it finds fault. */
  readonly complaint: RegExp;
}

const watched: readonly Watched[] = [
  {
    server: 'Postfix',
    log: 'postfix',
    // Behind stunnel it can't see who comes.
    ours: new RegExp(`${CLIENT.source}| behind-stunnel/.*\\[127\\.0\\.0\\.1\\]`),
    excused: [
      [/ outdated\/smtpd\[/, 'speaks only TLS that we refuse'],
      [/ mistaken\/smtpd\[/, 'was published as implicit TLS, which has to be tried'],
      [/ insists\/smtpd\[/, 'hangs up on whoever has no client certificate'],
      [/ rejects\/smtpd\[/, 'refuses every client'],
      [/ unwanted-header\/smtpd\[/, 'gets a PROXY header that it does not expect'],
      [/ NOQUEUE: reject: RCPT from \S+: 553 5\.7\.1 /, 'was asked whether we may send as another'],
    ],
    conversations: { line: / disconnect from /, good: / quit=1 /, atLeast: 50 },
    complaint:
      /lost connection|pipelining|PREGREET|HANGUP|NON-SMTP|NOQUEUE|timeout after|SSL_accept|warning:/,
  },
  {
    server: 'Exim',
    log: 'exim',
    excused: [
      [/ I=\[198\.51\.100\.28\]:/, 'has no room for anybody'],
      [/ I=\[198\.51\.100\.135\]:/, 'hangs up at EHLO'],
      [
        / I=\[198\.51\.100\.(?:130|138)\]:.* too many connections/,
        'takes one connection at a time',
      ],
      [/ I=\[198\.51\.100\.13[34]\]:.* rejected AUTH /, 'refuses every login'],
    ],
    conversations: {
      line: / no MAIL in /,
      good: / C=(?:EHLO,STARTTLS,)?EHLO(?:,AUTH|,NOOP)*,QUIT$/,
      atLeast: 20,
    },
    complaint:
      /synchronization|syntax error|protocol error|unexpected|TLS error|timeout| lost |rejected|refused/,
  },
  {
    server: 'Dovecot',
    log: 'dovecot',
    excused: [],
    conversations: {
      line: / Disconnected: /,
      good: /Aborted login by logging out \(no auth attempts/,
      atLeast: 14,
    },
    complaint: /SSL_accept|SSL routines|Too many|[Ee]rror/,
  },
  {
    server: 'nginx',
    log: 'nginx',
    // Its web servers log look-ups that were given up, since the answer was there.
    ours: /server: 198\.51\.100\.140:/,
    excused: [],
    conversations: { line: / proxied session done/, atLeast: 1 },
    complaint:
      /SSL_do_handshake|closed prematurely|invalid|too early|timed out|while|\[(?:warn|error)/,
  },
  {
    server: 'haproxy',
    log: 'haproxy',
    excused: [],
    // The state at the end: `--` when all went well, else who ended it and when (C: the client).
    conversations: { line: / good-\d+ /, good: / -- /, atLeast: 4 },
    complaint: / [Cc][A-Z] \d+\/|SSL handshake/,
  },
  {
    server: 'stunnel',
    log: 'stunnel',
    ours: /Connection (?:closed|reset): (?!0 )|SSL_accept|SSL_read|routines/,
    excused: [],
    conversations: { line: /Connection (?:closed|reset)/, good: /closed/, atLeast: 4 },
    complaint: /SSL_accept|routines|unexpected eof/i,
  },
  {
    server: 'sendmail',
    log: 'syslog',
    ours: new RegExp(`sendmail\\[.*${CLIENT.source}`),
    excused: [],
    conversations: { line: /NOQUEUE: connect from/, atLeast: 3 },
    // That we sent no mail it mentions, too; which is so.
    complaint:
      /lost input|unexpected|pre-greeting|rejecting|attack|timeout|error|reject=|did not .*(?:EHLO|QUIT)/,
  },
  {
    server: 'Courier',
    log: 'syslog',
    ours: new RegExp(`courier(?:esmtpd|tls).*${CLIENT.source}|couriertls`),
    excused: [
      [/to=<you@courier\.example>.*550 User/, 'was asked whether we may send as ourselves'],
    ],
    conversations: { line: /started,ip=/, atLeast: 3 },
    complaint: /error|couriertls/i,
  },
];

export async function checkLogs(world: World, results: Results): Promise<void> {
  results.heading('What the servers logged');
  for (const server of watched) await checkLog(server, world, results);
  await checkOpenSmtpd(world, results);
  await checkLockOut(world, results);
}

async function checkLog(watch: Watched, world: World, results: Results): Promise<void> {
  const { ours = CLIENT, excused, complaint, conversations } = watch;
  const lines = (await world.log(watch.log))
    .split('\n')
    .filter((line) => ours.test(line) && !excused.some(([pattern]) => pattern.test(line)));
  const { good } = conversations;
  const held = lines.filter((line) => conversations.line.test(line));
  results.add(
    `${watch.server}: ${held.length} conversations${good ? ', and QUIT at their end' : ''}`,
    atLeast(held, conversations.atLeast, (line) => good?.test(line) ?? true),
  );
  results.add(
    `${watch.server}: no complaint`,
    lines.filter((line) => complaint.test(line)),
  );
}

/** Each of its lines begins with the session's number. */
async function checkOpenSmtpd(world: World, results: Results): Promise<void> {
  const all = (await world.log('opensmtpd')).split('\n');
  const numbers = new Set(
    all.filter((line) => CLIENT.test(line) && / smtp connected /.test(line)).map(session),
  );
  const mine = all.filter((line) => numbers.has(session(line)));
  const ends = mine.filter((line) => / smtp disconnected /.test(line));
  results.add(
    `OpenSMTPD: ${ends.length} conversations, and QUIT at their end`,
    atLeast(ends, 14, (line) => line.endsWith(' reason=quit')),
  );
  results.add(
    'OpenSMTPD: no complaint',
    mine.filter((line) => /failed-command|io-error|tls-error|bad-input|timeout/.test(line)),
  );
}

/** "Too many logins" is the last thing to try again after. */
async function checkLockOut(world: World, results: Results): Promise<void> {
  const attempts = (await world.log('exim'))
    .split('\n')
    .filter((line) => CLIENT.test(line) && / rejected AUTH .*too many logins/.test(line));
  results.add(
    'Exim: one attempt to log in where there were too many',
    attempts.length === 1 ? [] : [`${attempts.length} attempts`, ...attempts],
  );
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
