/** What the flow tests share: documents that publish one server, and one line that tells a report. */

import { Admission } from '../../src/api/admission.ts';
import { createSession, type FindOptions, type SessionOptions } from '../../src/api/session.ts';
import type { Report } from '../../src/report/report.ts';
import { createLab, type Lab } from '../lab/lab.ts';
import type { Scenario } from '../lab/scenario.ts';

/** The domain of most scenes. */
export const D = 'corp.example';

interface Published {
  readonly host: string;
  readonly port?: number;
  readonly socketType?: string;
  readonly username?: string;
  readonly authentication?: string;
}

export function outgoingServer(server: Published): string {
  const { host, port = 465, socketType = port === 465 ? 'SSL' : 'STARTTLS' } = server;
  return `<outgoingServer type="smtp"><hostname>${host}</hostname><port>${port}</port>
    <socketType>${socketType}</socketType>
    <authentication>${server.authentication ?? 'password-cleartext'}</authentication>
    <username>${server.username ?? '%EMAILADDRESS%'}</username></outgoingServer>`;
}

export function clientConfig(...servers: readonly (string | Published)[]): string {
  const sections = servers.map((server) =>
    outgoingServer(typeof server === 'string' ? { host: server } : server),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1"><emailProvider id="${D}">${sections.join('')}</emailProvider></clientConfig>`;
}

export function pacc(host: string): string {
  return JSON.stringify({
    protocols: { submit: { host } },
    authentication: { password: true },
    info: { provider: { name: 'Example Mail' } },
  });
}

/** @param domain where the address lives that stands in for the user's, which the answer repeats */
export function autodiscover(host: string, domain = D, port = 465): string {
  return account(
    `<Protocol><Type>SMTP</Type><Server>${host}</Server><Port>${port}</Port><SSL>on</SSL>` +
      `<Encryption>${port === 465 ? 'SSL' : 'TLS'}</Encryption>` +
      `<LoginName>postmaster@${domain}</LoginName></Protocol>`,
  );
}

/** An Autodiscover response with this content. */
export function account(content: string): string {
  const schema = 'http://schemas.microsoft.com/exchange/autodiscover';
  return `<?xml version="1.0"?><Autodiscover xmlns="${schema}/responseschema/2006">
<Response xmlns="${schema}/outlook/responseschema/2006a"><Account><AccountType>email</AccountType>
<Action>settings</Action>${content}</Account></Response></Autodiscover>`;
}

export const autoconfigUrl = (domain: string, scheme = 'https'): string =>
  `${scheme}://autoconfig.${domain}/mail/config-v1.1.xml`;
export const wellKnownUrl = (domain: string, scheme = 'https'): string =>
  `${scheme}://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`;
export const ispdbUrl = (domain: string): string =>
  `https://autoconfig.thunderbird.net/v1.1/${domain}`;
export const paccUrl = (domain: string): string =>
  `https://ua-auto-config.${domain}/.well-known/user-agent-configuration.json`;
export const autodiscoverUrl = (host: string, scheme = 'https'): string =>
  `${scheme}://${host}/autodiscover/autodiscover.xml`;

/** `post.corp.example:465/tls verified srv`, or the status alone. */
export function decision({ settings, status }: Report): string {
  if (settings === null) return status;
  const { host, port, encryption, evidence } = settings;
  return `${host}:${port}/${encryption} ${status} ${evidence[0]?.source}`;
}

export function codes({ warnings }: Report): string[] {
  return warnings.map(({ code }) => code);
}

/** What a source answered at one place, as `--explain` has it: `found: HTTP 200: 1 server`. */
export function told({ sources }: Report, source: string, from: string): string {
  const entry = sources.find((item) => item.source === source && item.from.startsWith(from));
  return entry ? `${entry.outcome}: ${entry.detail}` : 'not asked';
}

export interface Visit extends FindOptions {
  /** Default: `you@corp.example`. */
  readonly query?: string;
  readonly session?: Partial<SessionOptions>;
  /**
   * Hosts whose way is not paved: they are looked up and connected to as in the real world. So
   * are all that the lab does not know; nothing leaves it, since its resolver is the only one.
   */
  readonly unpaved?: readonly string[];
  /** Rules on top of the lab's. */
  readonly connectTo?: readonly string[];
  /** To look around in the lab before it is gone. */
  readonly inspect?: (lab: Lab) => void;
}

const admission = new Admission();

/** Many scenes play in one process, and each has to keep its deadlines: they begin while it keeps up. */
export function admitted<T>(play: () => Promise<T>): Promise<T> {
  return admission.run(new AbortController().signal, play);
}

/** One query in a lab of its own. */
export async function visit(scenario: Scenario, options: Visit = {}): Promise<Report> {
  const { query = `you@${D}`, session: extra = {}, connectTo: more = [], ...others } = options;
  const { unpaved, inspect, ...find } = others;
  const lab = await createLab(scenario);
  try {
    const own = unpaved ? paved(lab, unpaved) : lab.options.connectTo;
    const connectTo = [...more, ...own];
    const session = await createSession({ ...lab.options, connectTo, env: {}, ...extra });
    try {
      return await admitted(() => session.find(query, { explain: true, ...find }));
    } finally {
      await session.close();
      inspect?.(lab);
    }
  } finally {
    await lab.stop();
  }
}

/** The lab's rules but for those about some hosts, and the last one, about all the rest. */
export function paved({ options }: Lab, unpaved: readonly string[]): string[] {
  return options.connectTo.filter((rule) => ![...unpaved, ''].includes(rule.split(':')[0] ?? ''));
}
