/** What an examination found, for people and as JSON. Pure. */
import type { ProbedServers } from '../probed.ts';
import { type Difference, type DifferenceCode, differencesOf } from './differences.ts';
import type { Examined } from './examination.ts';
import type { Database, Skipped } from './servers.ts';

export interface ProbeReport {
  readonly date: string;
  /** Servers of the database that can be examined, of which these were. */
  readonly servers: number;
  readonly examined: number;
  readonly verified: number;
  /** Whether something is worse than last time. */
  readonly worse: boolean;
  readonly stopped: Examined['stopped'];
  readonly differences: readonly Difference[];
  readonly unproven: readonly string[];
  readonly skipped: readonly Skipped[];
}

/** @param records the file as it is now */
export function reportOf(
  { servers, skipped }: Database,
  earlier: ProbedServers,
  records: ProbedServers,
  { findings, unproven, stopped }: Examined,
  date: string,
): ProbeReport {
  const differences = servers.flatMap((server) => {
    const record = findings.has(server.key) ? records.get(server.key) : undefined;
    return record ? differencesOf(server, earlier.get(server.key), record) : [];
  });
  return {
    date,
    servers: servers.length,
    examined: findings.size,
    verified: [...findings.values()].filter(({ outcome }) => outcome === 'verified').length,
    worse: differences.some(({ worse }) => worse),
    stopped,
    differences,
    unproven: unproven.map(({ key }) => key),
    skipped,
  };
}

const headings: { readonly [C in DifferenceCode]: string } = {
  died: 'Died',
  'turned-away': 'Turns us away',
  'lost-tls': 'Lost TLS',
  'lost-auth': 'Offers no sign-in',
  mechanisms: 'Changed its mechanisms',
  'not-offered': 'Does not offer what the database says',
  'certificate-names': "Changed its certificate's names",
  'came-back': 'Came back',
  still: 'As bad as last time',
};

const skippedWords: { readonly [W in Skipped['why']]: string } = {
  'own-machine': "on the user's own machine",
  'no-domain': 'the host holds the domain, and the provider has none',
};

const stoppedWords: { readonly [S in NonNullable<Examined['stopped']>]: string } = {
  'no-network':
    'Stopped: not one of a dozen operators answered, so the network is down or the mail ports are blocked.',
  interrupted: 'Interrupted: run it again for the rest.',
};

export function reportText(report: ProbeReport): string {
  const { date, servers, examined, verified, differences, unproven, skipped, stopped } = report;
  const sections = Object.entries(headings).map(([code, heading]) =>
    section(
      heading,
      differences
        .filter((difference) => difference.code === code)
        .map(({ server, providers, detail }) => `${server}  ${providers.join(', ')}: ${detail}`),
    ),
  );
  return [
    `${date}: ${examined} of ${servers} servers examined, ${verified} of them verified.\n`,
    ...sections,
    section('Not recorded: failed, but nobody answered on that port', unproven),
    section(
      'Not examined',
      skipped.map(({ provider, host, why }) => `${host}  ${provider}: ${skippedWords[why]}`),
    ),
    ...(stopped === null ? [] : [`\n${stoppedWords[stopped]}\n`]),
  ].join('');
}

function section(heading: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  return `\n${heading} (${lines.length})\n${lines.map((line) => `  ${line}\n`).join('')}`;
}
