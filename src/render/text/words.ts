/** The words that mail programs use in their account forms, and names for the report's codes. */
import type { ProbeOutcome } from '../../report/report.ts';

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
  if (username === '%USERNAME%') return 'the one the provider gave you';
  return username
    .replaceAll('%EMAILADDRESS%', '<your address>')
    .replaceAll('%EMAILLOCALPART%', '<part before the @>')
    .replaceAll('%EMAILDOMAIN%', '<your domain>');
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
