/**
 * What a probe teaches about a candidate: the one way back from probes to candidates, as one pure
 * function.
 */
import type { Candidate, Statement } from '../model/candidate.ts';
import type { ProbeResult } from '../probe/result.ts';

export interface Derivation {
  readonly statement: Statement;
  /** The candidate it comes from can't be the answer any more. */
  readonly replaces: boolean;
  /** Another name of the same machine. */
  readonly alternateName: boolean;
}

/** Port 465 is implicit TLS, whatever a source says (RFC 8314 §7.3). */
export function corrected(statement: Statement): Statement {
  return statement.port === 465 && statement.encryption !== 'tls'
    ? { ...statement, encryption: 'tls' }
    : statement;
}

export function derive(candidate: Candidate, probe: ProbeResult): readonly Derivation[] {
  const [{ statement, published }] = candidate.evidence;
  const { port, encryption } = candidate;

  // Implicit TLS was published for 587, and the server is there but does not speak it.
  if (port === 587 && encryption === 'tls' && (probe.outcome === 'tls' || stalledInTls(probe))) {
    return [
      {
        statement: { ...statement, encryption: 'starttls' },
        replaces: false,
        alternateName: false,
      },
    ];
  }
  // No encryption was published, and the server can do better.
  if (encryption === 'none' && probe.startTls === true) {
    return [
      { statement: { ...statement, encryption: 'starttls' }, replaces: true, alternateName: false },
    ];
  }
  if (!published && encryption === 'starttls') {
    if (probe.startTls === false && probe.clearAuth.length > 0) {
      return [
        { statement: { ...statement, encryption: 'none' }, replaces: false, alternateName: false },
      ];
    }
  }
  // Shared hosting: the machine goes by another name, and can prove that one. It may stand in for a
  // name that we made up; in place of one that was published it can only be recommended, since
  // whoever forges the address of a name has a certificate for some name, too.
  if (probe.tls?.certificate?.problem === 'name') {
    return probe.alternateNames
      .filter((name) => name !== candidate.host)
      .map((host) => ({ statement: { ...statement, host }, replaces: false, alternateName: true }));
  }
  return [];
}

/** A server that waits for our plaintext, while we wait for its handshake. */
function stalledInTls(probe: ProbeResult): boolean {
  return probe.outcome === 'timeout' && probe.stage === 'tls';
}
