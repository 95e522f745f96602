/** Endpoints and encryption in words, the same everywhere. */
import type { Encryption, Endpoint } from './candidate.ts';
import { toULabels } from './domain.ts';

/** The words mail programs use in their forms. */
export const encryptionWords: Readonly<Record<Encryption, string>> = {
  tls: 'SSL/TLS',
  starttls: 'STARTTLS',
  none: 'none',
};

/** `smtp.example.com:465 (SSL/TLS)` */
export function describeEndpoint({ host, port, encryption }: Endpoint): string {
  const words = encryption === 'none' ? 'no encryption' : encryptionWords[encryption];
  const shown = host.includes(':') ? `[${host}]` : toULabels(host);
  return `${shown}:${port} (${words})`;
}
