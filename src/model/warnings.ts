/**
 * Everything a result may warn of: stable codes, and the one sentence for each.
 * A sentence says what is so, and then what to do about it.
 */
import { toULabels } from './domain.ts';
import { hostPort, shownHostPort } from './endpoint.ts';

/** A warning as reported. Codes are stable; sentences are for people and may change. */
export interface Warning {
  readonly code: WarningCode;
  readonly message: string;
  /** The document that the warning follows from, for experts: `RFC 6186 §6`. */
  readonly reference?: string;
}

interface At {
  readonly host: string;
  readonly port: number;
}

/** A server whose certificate is not good for it. */
interface Certified extends At {
  /** The trouble in words. */
  readonly reason: string;
  readonly names: readonly string[];
  /** When it ends, or begins to be valid: whichever is the trouble. Null for another one's date in its chain. */
  readonly date: string | null;
}

const at = ({ host, port }: At): string => shownHostPort(host, port);

const sentences = {
  'bad-input': (a: { message: string }): string => a.message,
  'network-unreachable': (a: { trouble: string | null }): string =>
    `Nothing on the network could be reached, so nothing was checked${a.trouble === null ? '' : ` (${a.trouble})`}. Are you online? A resolver can be named with --resolver.`,
  'resolver-failed': (a: { trouble: string }): string =>
    `No name could be looked up: ${a.trouble}. Name another resolver with --resolver.`,
  'proxy-failed': (a: { trouble: string }): string =>
    `Nothing can be reached through the proxy: ${a.trouble}. Name another with --proxy, or none with --proxy "".`,
  'mail-ports-blocked': (a: { silent: 'published' | 'guessed' }): string =>
    a.silent === 'published'
      ? 'This network seems to block outgoing mail: every mail port timed out, while the web could be reached. Try another network, or ask its operator to open ports 465 and 587. If another network shows the same, the servers are down.'
      : 'Every mail port of every host timed out, while the web could be reached: this network may block outgoing mail, or the hosts keep these ports shut. Try another network.',
  'not-probed': (): string => 'The server was not contacted, because probing was switched off.',
  'database-only': (a: { domain: string }): string =>
    `Only the bundled database was asked, and it does not know ${toULabels(a.domain)}. Without --offline the domain itself is asked, too.`,
  plaintext: (a: At): string =>
    `${at(a)} offers no encryption: the password and every message would cross the network in the clear. Ask the provider for a server with TLS.`,
  'certificate-expired': (a: Certified): string =>
    a.date === null
      ? `A certificate in the chain of ${at(a)} has expired. Its operator has to replace it.`
      : `The certificate of ${at(a)} expired on ${a.date.slice(0, 10)}. Its operator has to renew it.`,
  'certificate-not-yet-valid': (a: Certified): string =>
    `${a.date === null ? `A certificate in the chain of ${at(a)} is not valid yet` : `The certificate of ${at(a)} is valid only from ${a.date.slice(0, 10)}`}. Check this machine's clock.`,
  'certificate-self-signed': (a: Certified): string =>
    `The certificate of ${at(a)} is self-signed, so nothing proves who answers there. If it is yours, pass it with --cacert.`,
  'certificate-untrusted': (a: Certified): string =>
    `${at(a)} could not prove itself: ${a.reason}. If the certificate is your organisation's, pass its issuer with --cacert.`,
  'certificate-name': (a: Certified): string =>
    `The certificate of ${at(a)} is for ${list(a.names)}, not for ${toULabels(a.host)}. Mail clients will refuse it or warn.`,
  'certificate-name-only-in-cn': (a: Certified): string =>
    `The certificate of ${at(a)} names the host only in its common name, which no longer counts. Its operator has to renew it.`,
  'shared-hosting': (a: At & { name: string }): string =>
    `${at(a)} is the same machine as ${toULabels(a.name)}, whose certificate is good. If that is your provider's server, use ${toULabels(a.name)} as the server's name.`,
  'tls-outdated': (a: At & { protocol: string }): string =>
    `${at(a)} speaks only ${a.protocol}, which is no longer safe; current mail clients refuse it.`,
  'tls-rsa-only': (a: At & { cipher: string }): string =>
    `${at(a)} exchanged keys over RSA alone (${a.cipher}). If it knows nothing better, programs with today's defaults will not connect, such as Python's smtplib and those with current OpenSSL or GnuTLS settings. Its operator should enable ECDHE.`,
  'staple-missing': (a: At): string =>
    `The certificate of ${at(a)} promises a stapled OCSP response, and the server sends none. msmtp and other programs with GnuTLS will refuse it. Its operator has to turn stapling on or renew the certificate without that promise.`,
  'tls-failed': (a: At & { reason: string }): string => `No TLS with ${at(a)}: ${a.reason}.`,
  'starttls-injection': (a: At): string =>
    `After STARTTLS, plaintext came from ${at(a)} where the TLS handshake belongs. It was not believed, but someone may be tampering with the connection.`,
  'dns-failed': (a: At & { reason: string }): string =>
    // Some reasons are a sentence about the host already.
    /^(?:does|has) /.test(a.reason)
      ? `${toULabels(a.host)} ${a.reason}.`
      : `${toULabels(a.host)} could not be found: ${a.reason}.`,
  'connection-refused': (a: At): string => `${at(a)} refused the connection.`,
  'connection-timeout': (a: At & { reason: string }): string =>
    `${at(a)} did not answer in time: ${a.reason}. A firewall here or there may block the port.`,
  'host-unreachable': (a: At & { reason: string }): string =>
    `No connection to ${at(a)}: ${a.reason}.`,
  'bad-address': (a: At & { good: string | null; bad: readonly string[] }): string =>
    `${at(a)} could not be used at ${list(a.bad)}${a.good === null ? '' : `, only at ${a.good}`}. Programs that do not try all addresses may fail; its operator has to mend or withdraw the bad one.`,
  'address-refused': (a: At & { byOption?: boolean }): string =>
    a.byOption === true
      ? `${toULabels(a.host)} is not at a public address, so it was not contacted: --public-only is in force, here or in the configuration. If it is meant, leave that out.`
      : `${toULabels(a.host)} leads to an address on this machine or to one that is not allowed, so it was not contacted. If that is meant, use --connect-to ${hostPort(a.host, a.port)}:ADDRESS:${a.port}.`,
  'local-server': (a: At): string =>
    `${at(a)} is a program that you run on your own machine; it was not contacted.`,
  'protocol-error': (a: At & { reason: string }): string =>
    `${at(a)} could not be used: ${a.reason}.`,
  'temporary-refusal': (a: At & { reason: string }): string =>
    `${at(a)} cannot be used for now: ${a.reason}. Run this again in some minutes.`,
  'no-auth': (a: At): string =>
    `${at(a)} offers no authentication, so it will not accept mail from your programs.`,
  'clear-auth': (a: At): string =>
    `${at(a)} offers authentication before TLS as well. Make sure your program insists on encryption.`,
  'host-outside-domain': (a: { host: string; domain: string; origin: string }): string =>
    `${toULabels(a.host)} lies outside ${toULabels(a.domain)}, and only an unprotected answer names it: it was ${a.origin}. Check that this host belongs to your provider before you type a password.`,
  conflict: (a: {
    other: string;
    origins: readonly string[];
    winner: string;
    winnerOrigin: string;
    why: string;
  }): string =>
    `Sources disagree: ${a.other} was ${a.origins.join(', and also ')}; the answer, ${a.winner}, was ${a.winnerOrigin}. ${a.why}.`,
  moved: (a: { domain: string; from: string; to: string }): string =>
    `${toULabels(a.domain)} is listed with ${a.from}, but its mail is now handled by ${a.to}: it seems to have moved.`,
  'outdated-entry': (a: { provider: string; month: string }): string =>
    `What the bundled database says of ${a.provider} was last confirmed in ${a.month} and may be out of date. Ask the provider for its current server.`,
  'address-wanted': (a: { url: string }): string =>
    `${a.url} wants the full address before it answers. Allow that with --send-address.`,
  'assumed-username': (): string =>
    'The user name is assumed: the full address is the usual one. If it is refused, try the part before the @.',
  'username-conflict': (
    a: At & { says: readonly { readonly username: string; readonly origin: string }[] },
  ): string =>
    `Sources disagree about the user name for ${at(a)}: ${a.says.map(({ username, origin }) => `${username} was ${origin}`).join('; ')}. The first is the likeliest.`,
  'similar-domain': (a: { domain: string; meant: string }): string =>
    `Did you mean ${a.meant}? ${toULabels(a.domain)} looks like a slip of the fingers.`,
  'null-mx': (a: { domain: string }): string =>
    `${toULabels(a.domain)} says that it receives no mail, so replies would not arrive.`,
  'inferred-provider': (a: { domain: string; names: readonly string[] }): string =>
    a.names.length === 1
      ? `That ${a.names[0]} keeps the mailboxes of ${toULabels(a.domain)} is inferred from the domain's SPF and DKIM records. Make sure of it before you type a password.`
      : `The SPF and DKIM records of ${toULabels(a.domain)} name ${a.names.join(' and ')}: where the mailboxes are can't be told from them.`,
  'sign-in-name': (a: { provider: string; signIn: string }): string => `${a.provider}: ${a.signIn}`,
  'gateway-mx': (a: { domain: string; provider: string }): string =>
    `The mail of ${toULabels(a.domain)} goes through ${a.provider}, which filters or forwards it, and does not tell where the mailboxes are. Ask whoever runs them for the outgoing (SMTP) server.`,
  'submission-denied': (a: { domain: string; services: readonly string[] }): string =>
    `${toULabels(a.domain)} says that it offers no ${a.services.join(' and no ')} service.`,
  'no-submission': (a: { provider: string }): string =>
    `${a.provider} offers no SMTP submission for mail programs.`,
  'provider-without-servers': (a: { provider: string; kind: 'gateway' | 'hosting' }): string =>
    a.kind === 'gateway'
      ? `${a.provider} filters or forwards mail, and has no mailboxes to send from. An address or domain without --provider tells whose server is behind it.`
      : `At ${a.provider} each customer has a server of their own, so none can be named for all. Look for yours by your address or domain, without --provider.`,
  'oauth2-only': (a: { provider: string }): string =>
    `${a.provider} accepts only OAuth 2.0 sign-in here, although its server also offers password mechanisms.`,
  'source-malformed': (a: { url: string; reason: string }): string =>
    `${a.url} holds something that could not be used: ${a.reason}.`,
  'look-alike': (a: { host: string }): string =>
    `${a.host} (${toULabels(a.host)}) mixes scripts, as a look-alike name would. Compare it letter by letter.`,
  'login-refused': (a: At & { reason: string }): string =>
    `The login at ${at(a)} failed: ${a.reason}.`,
  'login-temporary': (a: At & { reason: string }): string =>
    `${at(a)} could not check the login now: ${a.reason}. Try again in some minutes.`,
  'login-not-tried': (a: { reason: string }): string => `The login was not tried: ${a.reason}.`,
  'app-password-wanted': (a: { provider: string }): string =>
    `${a.provider} wants an app password here, not the account's own. Make one in the account's security settings.`,
  'smtp-auth-disabled': (a: { provider: string }): string =>
    `${a.provider} has password sign-in over SMTP switched off for this account. Its owner or administrator has to switch it on, or sign in with OAuth 2.0.`,
  'sender-refused': (a: At & { address: string }): string =>
    `The login works, but ${at(a)} will not let it send as ${a.address}. Use the account's own address, or have the other one allowed.`,
  'smtputf8-missing': (a: At): string =>
    `${at(a)} does not offer SMTPUTF8, so it will not accept a sender address beyond ASCII.`,
  internal: (a: { message: string }): string => `Internal error, please report it: ${a.message}`,
  incomplete: (): string =>
    'Something timed out or failed for now, so a better answer may exist. Run it again, or give it longer with --timeout.',
} as const;

/** Where a rule is written down. Sentences leave it out: most people have no use for a number. */
const references: { readonly [C in WarningCode]?: string } = {
  'certificate-name': 'RFC 9525',
  'certificate-name-only-in-cn': 'RFC 9525',
  'tls-outdated': 'RFC 8996',
  'tls-rsa-only': 'RFC 9325 §4.1',
  'staple-missing': 'RFC 7633',
  'starttls-injection': 'CVE-2011-0411',
  'host-outside-domain': 'RFC 6186 §6',
  'assumed-username': 'RFC 6186 §4',
  'null-mx': 'RFC 7505',
  'submission-denied': 'RFC 2782',
  'smtputf8-missing': 'RFC 6531',
};

export type WarningCode = keyof typeof sentences;
type Arguments<C extends WarningCode> = Parameters<(typeof sentences)[C]>;

/** Every code, for documentation and tests. */
export const warningCodes: readonly WarningCode[] = Object.keys(sentences) as WarningCode[];

export function warning<C extends WarningCode>(code: C, ...args: Arguments<C>): Warning {
  const sentence = sentences[code] as (...facts: Arguments<C>) => string;
  const reference = references[code];
  return { code, message: sentence(...args), ...(reference && { reference }) };
}

const SHOWN = 4;

function list(items: readonly string[]): string {
  if (items.length === 0) return 'nobody';
  const shown = items.slice(0, SHOWN).map(toULabels);
  return items.length > SHOWN
    ? `${shown.join(', ')} and ${items.length - SHOWN} more`
    : shown.join(', ');
}
