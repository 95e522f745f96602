import { fillDomain } from '../../../src/model/username.ts';
import type { UpstreamServer } from './entry.ts';

/**
 * Names of one service: every name on the left leads to the same accounts as the one on the right.
 * Half of all conflicts between the sources are nothing else.
 */
const ALIASES: Readonly<Record<string, string>> = {
  'android.smtp.mail.yahoo.com': 'smtp.mail.yahoo.com',
  'auth.smtp.1and1.co.uk': 'smtp.ionos.co.uk',
  'auth.smtp.1and1.fr': 'smtp.ionos.fr',
  'in.mailjet.com': 'in-v3.mailjet.com',
  'mail.gmx.com': 'mail.gmx.net',
  'mail.messagingengine.com': 'smtp.fastmail.com',
  'mail.runbox.com': 'smtp.runbox.com',
  'mail.sohu.com': 'smtp.sohu.com',
  'outlook.office365.com': 'smtp.office365.com',
  'smtp-mail.outlook.com': 'smtp.office365.com',
  'smtp.1and1.com': 'smtp.ionos.com',
  'smtp.1and1.es': 'smtp.ionos.es',
  'smtp.1und1.de': 'smtp.ionos.de',
  'smtp.cs.com': 'smtp.aol.com',
  'smtp.live.com': 'smtp.office365.com',
  'smtp.mail.yahoo.fr': 'smtp.mail.yahoo.com',
  'smtp.mailo.com': 'mail.mailo.com',
  'smtp.outlook.com': 'smtp.office365.com',
  'smtp.strato.com': 'smtp.strato.de',
  'smtp.yandex.net': 'smtp.yandex.com',
  'smtp.yandex.ru': 'smtp.yandex.com',
};

/** The service a host belongs to, with the address's own domain filled in. */
export function foldHost(host: string, domain: string): string {
  const filled = fillDomain(host, domain);
  return ALIASES[filled] ?? filled;
}

/** The services among some servers; ports do not matter, 465 and 587 are mostly one server. */
export function foldHosts(
  servers: readonly Pick<UpstreamServer, 'host'>[],
  domain: string,
): string[] {
  return [...new Set(servers.map((server) => foldHost(server.host, domain)))].sort();
}
