/** The words that mail programs use in their account forms, and names for the report's codes. */
import { ADDRESS, fillUsername, HANDED_OUT, LOCAL_PART } from '../../model/username.ts';
import type { Warning } from '../../model/warnings.ts';
import type { ProbeOutcome } from '../../report/report.ts';
import { mechanismNamed } from '../../sasl/mechanisms.ts';

/** `normal password (PLAIN, LOGIN), OAuth2 (XOAUTH2)`, in the order of the mechanisms. */
export function authenticationWords(mechanisms: readonly string[]): string {
  const groups = new Map<string, string[]>();
  for (const mechanism of mechanisms) {
    const word = mechanismNamed(mechanism)?.label ?? mechanism;
    const group = groups.get(word);
    if (group) group.push(mechanism);
    else groups.set(word, [mechanism]);
  }
  return Array.from(groups, ([word, names]) =>
    names.length === 1 && names[0] === word ? word : `${word} (${names.join(', ')})`,
  ).join(', ');
}

/** A user name for people; the placeholders are those of the autoconfig format. */
export function usernameWords(username: string): string {
  if (username === ADDRESS) return 'your full address';
  if (username === LOCAL_PART) return 'the part of your address before the @';
  if (username === HANDED_OUT) return 'the one the provider gave you';
  return fillUsername(username, {
    email: '<your address>',
    localPart: '<part before the @>',
    domain: '<your domain>',
  });
}

export const probeWords: { readonly [O in ProbeOutcome]: string } = {
  dns: 'name not found',
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

/** @param forExperts with the document that it follows from */
export function warningWords({ message, reference }: Warning, forExperts: boolean): string {
  return forExperts && reference ? `${message} (${reference})` : message;
}
