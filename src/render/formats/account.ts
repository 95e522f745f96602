/**
 * The settings of a report as formats need them: checked once more, since what is written here
 * ends up in shells and configuration files, and with stand-ins for what nobody knows.
 */
import type { OAuthFacts } from '../../model/candidate.ts';
import { normaliseHost } from '../../model/domain.ts';
import type { Encryption } from '../../model/endpoint.ts';
import { printable } from '../../model/printable.ts';
import { ADDRESS, fillUsername } from '../../model/username.ts';
import type { Report } from '../../report/report.ts';

/** Stand-ins are written in capitals, so that nobody takes them for values. */
export const YOUR_PASSWORD = 'YOUR-PASSWORD';
export const YOUR_TOKEN = 'YOUR-ACCESS-TOKEN';
export const YOUR_USER_NAME = 'YOUR-USER-NAME';
export const YOUR_ADDRESS = 'YOUR-ADDRESS';
const YOUR_NAME = 'YOUR-NAME';
const YOUR_DOMAIN = 'YOUR-DOMAIN';

export interface Account {
  /** A-labels, or an IP address without a zone; lower case. */
  readonly host: string;
  readonly port: number;
  readonly encryption: Encryption;
  /** Printable, never empty; not safe for anything beyond that. */
  readonly username: string;
  /** The user name with the autoconfig format's placeholders instead of stand-ins. */
  readonly template: string;
  /** The sender's address; of a bare domain, one with a stand-in. Printable as well. */
  readonly from: string;
  /** As asked for; null for a bare domain. */
  readonly email: string | null;
  /** A-labels; null when only a provider was asked for. */
  readonly domain: string | null;
  /** SASL mechanisms by IANA name, best first; empty when nobody knows. */
  readonly auth: readonly string[];
  readonly oauth: OAuthFacts | null;
  /** The provider's name; null when unknown. */
  readonly provider: string | null;
}

/** RFC 4422 §3.1. */
const SASL_NAME = /^[A-Z0-9_-]{1,20}$/;
/** A local part, an at sign and a domain (RFC 5321 §4.5.3.1). */
const MAX_USERNAME = 320;
const MAX_PROVIDER = 60;

/** Null without settings, or when host or port are none at all. */
export function accountOf(report: Report): Account | null {
  const { settings, provider } = report;
  if (settings === null) return null;
  const { host, port, encryption, oauth } = settings;
  if (!isHost(host) || !Number.isInteger(port) || port < 1 || port > 65535) return null;
  const domain = report.domain !== null && isHost(report.domain) ? report.domain : null;
  const email = report.email !== null && isPlain(report.email) ? report.email : null;
  const template = isPlain(settings.username) ? settings.username : YOUR_USER_NAME;
  return {
    host,
    port,
    encryption,
    username: email === null ? withStandIns(template, domain) : template,
    template,
    from: email ?? withStandIns(ADDRESS, domain),
    email,
    domain,
    auth: settings.auth.filter((name) => SASL_NAME.test(name)),
    oauth,
    provider: printable(provider?.name ?? '', MAX_PROVIDER) || null,
  };
}

function withStandIns(template: string, domain: string | null): string {
  const name = domain ?? YOUR_DOMAIN;
  return fillUsername(template, {
    email: `${YOUR_NAME}@${name}`,
    localPart: YOUR_NAME,
    domain: name,
  });
}

/** An IPv6 zone may hold anything, and means something on one machine only. */
function isHost(host: string): boolean {
  return normaliseHost(host) === host && !host.includes('%');
}

function isPlain(text: string): boolean {
  return text !== '' && text.length <= MAX_USERNAME && printable(text) === text;
}
