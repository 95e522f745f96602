/** What is wrong with a server's certificate, in words: a mail server's, a web server's, a resolver's. */
import { printable } from '../../model/printable.ts';
import type { CertificateFacts } from '../network.ts';

/** @returns null when nothing is */
export function certificateTrouble(certificate: CertificateFacts | null): string | null {
  if (!certificate) return 'the server showed no certificate';
  const { problem, validFrom, validTo } = certificate;
  switch (problem) {
    case null:
      return null;
    case 'expired':
      return isOfChain(certificate)
        ? "a certificate in the server's chain has expired"
        : `the certificate expired on ${validTo.slice(0, 10)}`;
    case 'not-yet-valid':
      return isOfChain(certificate)
        ? "a certificate in the server's chain is not valid yet"
        : `the certificate is valid only from ${validFrom.slice(0, 10)}`;
    case 'self-signed':
      return 'the certificate is self-signed';
    case 'untrusted':
      return untrusted(certificate.code);
    case 'name':
      return `the certificate is for another name (${namesOf(certificate)})`;
    case 'name-only-in-cn':
      return 'the certificate names the host only in its common name';
  }
}

/** Whether the server's own certificate is in date, so that another one in its chain is not. */
export function isOfChain({ problem, validFrom, validTo }: CertificateFacts): boolean {
  if (problem !== 'expired' && problem !== 'not-yet-valid') return false;
  const now = Date.now();
  return Date.parse(validFrom) <= now && now <= Date.parse(validTo);
}

/** Nobody known to us has signed what was sent last; the link to somebody known may be missing. */
const CHAIN_ENDS: ReadonlySet<string> = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

function untrusted(code: string | null): string {
  const stranger = 'the certificate comes from an issuer that is not trusted';
  if (code === null || code === 'SELF_SIGNED_CERT_IN_CHAIN') return stranger;
  if (CHAIN_ENDS.has(code)) {
    return `${stranger}, or the server leaves out an intermediate certificate`;
  }
  if (code === 'INVALID_PURPOSE') return 'the certificate is not one for servers (INVALID_PURPOSE)';
  // Node has no name for weak keys and signatures, of which OpenSSL's level of security decides.
  return code === 'UNSPECIFIED'
    ? 'the certificate was not accepted; its key or signature may be too weak'
    : `the certificate was not accepted (${printable(code, 80)})`;
}

function namesOf({ names }: CertificateFacts): string {
  const shown = names.slice(0, 3).map((name) => printable(name, 80));
  if (names.length > shown.length) shown.push('…');
  return shown.join(', ') || 'none';
}
