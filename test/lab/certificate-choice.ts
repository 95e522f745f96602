/** The certificates that servers show in practice, good and bad, by name. */
import {
  type Authority,
  type CertificateRequest,
  createAuthority,
  type KeyAndCertificate,
} from './certificates.ts';

export type CertificateChoice =
  | 'good'
  | 'expired'
  | 'not-yet-valid'
  | 'self-signed'
  /** From an authority that nobody trusts. */
  | 'untrusted'
  /** Good, for another name. */
  | 'wrong-name'
  /** The host's name stands only in the common name. */
  | 'common-name-only'
  /** Good, for these names and IP addresses. */
  | {
      readonly names: readonly string[];
      readonly ips?: readonly string[];
      readonly commonName?: string;
    };

const HOUR_MS = 3_600_000;

/** One authority, and one stranger, for all the labs of a process: making them takes time. */
let authorities: Promise<{ trusted: Authority; stranger: Authority }> | undefined;

export async function labAuthorityPem(): Promise<string> {
  return (await loadAuthorities()).trusted.caPem;
}

export async function issueFor(
  host: string,
  choice: CertificateChoice = 'good',
): Promise<KeyAndCertificate> {
  const { trusted, stranger } = await loadAuthorities();
  return (choice === 'untrusted' ? stranger : trusted).issue(request(host, choice));
}

function request(host: string, choice: CertificateChoice): CertificateRequest {
  if (typeof choice === 'object') return choice;
  // Whole hours, so that equal choices give equal requests, which are answered from a cache.
  const hours = (count: number): Date =>
    new Date((Math.floor(Date.now() / HOUR_MS) + count) * HOUR_MS);
  switch (choice) {
    case 'expired':
      return { names: [host], notBefore: hours(-2000), notAfter: hours(-24) };
    case 'not-yet-valid':
      return { names: [host], notBefore: hours(24), notAfter: hours(2000) };
    case 'self-signed':
      return { names: [host], selfSigned: true };
    case 'wrong-name':
      return { names: ['another-host.example'] };
    case 'common-name-only':
      return { names: [], commonName: host };
    default:
      return { names: [host] };
  }
}

function loadAuthorities(): Promise<{ trusted: Authority; stranger: Authority }> {
  authorities ??= Promise.all([
    createAuthority(),
    createAuthority('An authority nobody trusts'),
  ]).then(([trusted, stranger]) => ({ trusted, stranger }));
  return authorities;
}
