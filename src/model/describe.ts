/** Endpoints, encryption and sources in words, the same everywhere. */
import type { Encryption, Endpoint, SourceName } from './candidate.ts';
import { toULabels } from './domain.ts';

/** The words mail programs use in their forms. */
export const encryptionWords: { readonly [E in Encryption]: string } = {
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

/** A source, and the domain it was asked about. */
export interface Origin {
  readonly source: SourceName;
  readonly subject: string;
}

const places: { readonly [S in SourceName]: (subject: string) => string } = {
  database: (subject) => `in the bundled database, under ${subject}`,
  'mx-provider': (subject) => `through the provider that handles the mail of ${subject}`,
  srv: (subject) => `in the SRV records of ${subject}`,
  'srv-foreign': (subject) => `in the SRV records of ${subject}`,
  pacc: (subject) => `in the account configuration of ${subject}`,
  autoconfig: (subject) => `in the autoconfig file of ${subject}`,
  'autoconfig-http': (subject) => `in the autoconfig file of ${subject}, over plain HTTP`,
  ispdb: (subject) => `in Thunderbird's online database, under ${subject}`,
  autodiscover: (subject) => `through the Autodiscover service of ${subject}`,
  mailconf: (subject) => `through the mailconf record of ${subject}`,
  'mx-autoconfig': (subject) =>
    `in the autoconfig file for ${subject}, whose server receives the mail`,
  parent: (subject) => `through the parent domain, ${subject}`,
  guess: (subject) => `from the usual names under ${subject}`,
};

/** `found in the SRV records of example.com`, `guessed from the usual names under example.com` */
export function describeOrigin({ source, subject }: Origin): string {
  const verb = source === 'guess' ? 'guessed' : 'found';
  return `${verb} ${places[source](toULabels(subject))}`;
}
