/** The words that mail programs use in their account forms, and names for the report's codes. */
import type { Encryption } from '../candidate.ts';
import type { ProbeOutcome, ReportedEvidence } from '../report/report.ts';

export const encryptionWords: { readonly [E in Encryption]: string } = {
  tls: 'SSL/TLS',
  starttls: 'STARTTLS',
  none: 'none',
};

/** `normal password (PLAIN, LOGIN), OAuth2 (XOAUTH2)`, in the order of the mechanisms. */
export function authenticationWords(mechanisms: readonly string[]): string {
  const groups = new Map<string, string[]>();
  for (const mechanism of mechanisms) {
    const word = mechanismWord(mechanism);
    const group = groups.get(word);
    if (group) group.push(mechanism);
    else groups.set(word, [mechanism]);
  }
  return Array.from(groups, ([word, names]) =>
    names.length === 1 && names[0] === word ? word : `${word} (${names.join(', ')})`,
  ).join(', ');
}

function mechanismWord(mechanism: string): string {
  if (/^(PLAIN|LOGIN)$/.test(mechanism)) return 'normal password';
  if (/^(CRAM-MD5|DIGEST-MD5|SCRAM-.*)$/.test(mechanism)) return 'encrypted password';
  if (/^(XOAUTH2|OAUTHBEARER|OAUTH10A)$/.test(mechanism)) return 'OAuth2';
  if (/^(GSSAPI|GSS-SPNEGO|GS2-.*)$/.test(mechanism)) return 'Kerberos';
  if (mechanism === 'EXTERNAL') return 'TLS certificate';
  return mechanism;
}

/** A user name for people; the placeholders are those of the autoconfig format. */
export function usernameWords(username: string): string {
  if (username === '%EMAILADDRESS%') return 'your full address';
  if (username === '%EMAILLOCALPART%') return 'the part of your address before the @';
  return username
    .replaceAll('%EMAILADDRESS%', '<your address>')
    .replaceAll('%EMAILLOCALPART%', '<part before the @>')
    .replaceAll('%EMAILDOMAIN%', '<your domain>');
}

const PLACES: Readonly<Record<string, (subject: string) => string>> = {
  database: (subject) => `the bundled database, for ${subject}`,
  'mx-provider': (subject) => `the provider that handles the mail of ${subject}`,
  srv: (subject) => `the SRV records of ${subject}`,
  'srv-foreign': (subject) => `the SRV records of ${subject}`,
  pacc: (subject) => `the account configuration of ${subject}`,
  autoconfig: (subject) => `the autoconfig file of ${subject}`,
  'autoconfig-http': (subject) => `the autoconfig file of ${subject}, over plain HTTP`,
  ispdb: (subject) => `Thunderbird's ISPDB, for ${subject}`,
  autodiscover: (subject) => `Autodiscover of ${subject}`,
  mailconf: (subject) => `the mailconf record of ${subject}`,
  'mx-autoconfig': (subject) => `the autoconfig file of its mail exchanger, ${subject}`,
  parent: (subject) => `the parent domain, ${subject}`,
  guess: (subject) => `common names under ${subject}`,
};

/** Where a setting was found, for the middle of a sentence. */
export function placeWords(
  { source, subject }: ReportedEvidence,
  shown: (name: string) => string,
): string {
  return PLACES[source]?.(shown(subject)) ?? `${source}, for ${shown(subject)}`;
}

export const probeWords: { readonly [O in ProbeOutcome]: string } = {
  dns: 'no such host',
  refused: 'refused',
  timeout: 'timed out',
  unreachable: 'unreachable',
  tls: 'no TLS',
  certificate: 'bad certificate',
  protocol: 'no SMTP',
  'no-auth': 'no sign-in',
  ok: 'works',
};

/** `TLSv1.3` → `TLS 1.3` */
export function protocolWords(protocol: string): string {
  return protocol.replace(/^TLSv/, 'TLS ');
}
