/** Why TLS did not come about, in words. OpenSSL's codes differ a little between its versions. Pure. */

import { printable } from '../model/printable.ts';
import type { TlsFailure } from '../net/network.ts';

export const CERTIFICATE_DEMANDED = 'the server demands a client certificate';

/** We have none to show, so an alert about our certificate asks for one (RFC 8446 §6.2). */
const DEMANDS_CERTIFICATE =
  /_ALERT_(?:CERTIFICATE_REQUIRED|NO_CERTIFICATE|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN)$/;
/** The server finds nothing in common with us, or we find it too weak. */
const NOTHING_IN_COMMON = /_(?:HANDSHAKE_FAILURE|INSUFFICIENT_SECURITY|DH_KEY_TOO_SMALL)$/;

/** @param code Node's or OpenSSL's, such as `ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED` */
export function demandsCertificate(code: string): boolean {
  return DEMANDS_CERTIFICATE.test(code);
}

/** Whether a client that is less strict may get through, and tell what the server speaks. */
export function mayBeOutdated({ kind, code }: TlsFailure): boolean {
  return kind === 'outdated' || NOTHING_IN_COMMON.test(code);
}

export function tlsTrouble({ kind, code }: TlsFailure, startTls: boolean): string {
  switch (kind) {
    case 'plaintext':
      return startTls
        ? 'plaintext came after STARTTLS, where the TLS handshake was expected'
        : 'the server does not speak TLS on this port';
    case 'outdated':
      return 'the server speaks only TLS 1.1 or older';
    case 'closed':
      return 'closed the connection during the TLS handshake';
    case 'other':
      return `${handshakeTrouble(code)} (${printable(code, 80)})`;
  }
}

function handshakeTrouble(code: string): string {
  if (demandsCertificate(code)) return CERTIFICATE_DEMANDED;
  if (code.endsWith('_HANDSHAKE_FAILURE')) {
    // Under TLS 1.2 it may mean either.
    return 'the server broke off the TLS handshake: it finds nothing in common with current clients, or demands a client certificate';
  }
  if (code.endsWith('_UNRECOGNIZED_NAME')) return 'the server does not answer to this name';
  return 'the TLS handshake failed';
}
