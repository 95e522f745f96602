/** Sources in words, the same everywhere. */
import type { SourceName } from './candidate.ts';
import { toULabels } from './domain.ts';

/** A source, the domain it was asked about, and where exactly it found something. */
export interface Origin {
  readonly source: SourceName;
  readonly subject: string;
  readonly from: string;
}

/** The place where a server is found that the user named. */
export const NAMED_BY_USER = 'named by the user';

const places: { readonly [S in SourceName]: (subject: string) => string } = {
  given: () => 'through the provider that you named',
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
  'mail-records': (subject) =>
    `through the provider that the SPF and DKIM records of ${subject} name`,
  guess: (subject) => `from the usual names under ${subject}`,
};

/** `found in the SRV records of example.com`, `guessed from the usual names under example.com` */
export function describeOrigin({ source, subject, from }: Origin): string {
  if (source === 'given' && from === NAMED_BY_USER) return 'the server that you named';
  const verb = source === 'guess' ? 'guessed' : 'found';
  return `${verb} ${places[source](toULabels(subject))}`;
}
