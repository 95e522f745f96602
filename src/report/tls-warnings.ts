/** What is good enough for us in a server's TLS, and not for every program. Pure. */
import type { Endpoint } from '../model/endpoint.ts';
import { type Warning, warning } from '../model/warnings.ts';
import type { TlsFacts } from '../net/network.ts';

export function tlsWarnings({ host, port }: Endpoint, tls: TlsFacts): readonly Warning[] {
  const { cipher, missingStaple } = tls;
  return [
    // Without (EC)DHE the key goes over RSA; TLS 1.3 has no such cipher, and names none so.
    ...(cipher.startsWith('TLS_RSA_') ? [warning('tls-rsa-only', { host, port, cipher })] : []),
    ...(missingStaple ? [warning('staple-missing', { host, port })] : []),
  ];
}
