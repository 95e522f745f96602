/** Server × port × certificate, as a table. */
import { type Kind, kinds } from './certificates.ts';
import { differences, type Expected } from './expectation.ts';
import type { Run } from './program.ts';
import { fewAtOnce, type Results } from './results.ts';
import type { World } from './world.ts';
import { matrixDomain, matrixHost, type Port, ports, type Server, servers } from './zone.ts';

export interface Setting {
  readonly find: (query: string, args?: readonly string[]) => Promise<Run>;
  readonly isValid: (json: unknown) => string[];
  readonly results: Results;
  readonly world: World;
}

export async function runMatrix({ find, isValid, results }: Setting): Promise<void> {
  results.heading('Servers, ports and certificates');
  const fields = servers.flatMap((server) =>
    ports.flatMap((port) => kinds.map((kind) => ({ server, port, kind }))),
  );
  const outcomes = await fewAtOnce(fields, 4, async ({ server, port, kind }) => {
    const domain = matrixDomain(server, kind, port);
    const run = await find(`you@${domain}`);
    return {
      run,
      complaints: differences(run, expectation(server, kind, port, domain), isValid),
    };
  });
  console.log(`  ${'server'.padEnd(16)}${kinds.map((kind) => kind.padEnd(17)).join('')}`);
  let i = 0;
  for (const server of servers) {
    for (const port of ports) {
      const cells = kinds.map((kind) => {
        const complaints = outcomes[i++]?.complaints ?? ['not run'];
        results.count(complaints);
        const word = kind === 'good' ? 'verified' : 'not verified';
        return (complaints.length === 0 ? word : 'WRONG').padEnd(17);
      });
      console.log(`  ${`${server} ${port}`.padEnd(16)}${cells.join('')}`);
    }
  }
  fields.forEach(({ server, port, kind }, at) => {
    for (const complaint of outcomes[at]?.complaints ?? []) {
      console.log(`  WRONG ${server} ${port} ${kind}: ${complaint}`);
    }
  });
}

/** What each server offers, best first. */
const OFFERS: Readonly<Record<Server, readonly string[]>> = {
  postfix: ['PLAIN', 'LOGIN'],
  exim: ['PLAIN', 'LOGIN', 'CRAM-MD5'],
  opensmtpd: ['PLAIN', 'LOGIN'],
  dovecot: [
    ...['SCRAM-SHA-256', 'SCRAM-SHA-1', 'PLAIN', 'LOGIN', 'CRAM-MD5'],
    ...['OAUTHBEARER', 'XOAUTH2'],
  ],
};

/** The domains of the matrix: their SRV records name one server, which says the user name nowhere. */
function expectation(server: Server, kind: Kind, port: Port, domain: string): Expected {
  const good = kind === 'good';
  return {
    exit: good ? 0 : 3,
    status: good ? 'verified' : 'unverified',
    server: `${matrixHost(server, kind)}:${port} ${port === 465 ? 'tls' : 'starttls'}`,
    source: 'srv',
    trust: good ? 'secure' : 'insecure',
    auth: OFFERS[server],
    protocol: 'TLSv1.3',
    problem: good ? null : kind,
    warnings: good ? ['assumed-username'] : ['assumed-username', `certificate-${kind}`],
    username: `you@${domain}`,
  };
}
