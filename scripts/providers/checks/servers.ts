import {
  ADDRESS,
  DOMAIN,
  LOCAL_PART,
  normaliseTemplate,
  withoutPlaceholders,
} from '../../../src/model/username.ts';
import type { ProviderFile } from '../format.ts';
import { type Checks, endpointOf, ofEach, when } from './check.ts';

/** Ports of implicit TLS. */
const IMPLICIT = [465, 2465];

const STRENGTH = { tls: 0, starttls: 0, none: 1 };

export const serverChecks: Checks = {
  'port and encryption fit, or the file says why not': ofEach(({ servers, odd }) =>
    servers
      .filter(({ port, encryption }) => IMPLICIT.includes(port) !== (encryption === 'tls') && !odd)
      .map(
        (server) =>
          `servers: ${endpointOf(server)} with ${server.encryption} is unusual, since 465 goes with tls, 587 and 25 with starttls or none: correct it, or say in odd why it is so`,
      ),
  ),

  'odd is said only where something is': ofEach(({ servers, odd }) =>
    when(
      odd !== undefined && servers.every((s) => (s.port === 465) === (s.encryption === 'tls')),
      'odd: port and encryption of every server agree: remove it',
    ),
  ),

  'a server stands once': ofEach(({ servers }) => {
    const endpoints = servers.map(endpointOf);
    return endpoints
      .filter((endpoint, i) => endpoints.indexOf(endpoint) < i)
      .map((endpoint) => `servers: ${endpoint} stands twice: remove one`);
  }),

  'encrypted servers stand before plaintext': ofEach(({ servers }) =>
    servers
      .filter((s, i) => STRENGTH[s.encryption] < STRENGTH[servers[i - 1]?.encryption ?? 'tls'])
      .map(
        (server) =>
          `servers: ${endpointOf(server)} stands behind a server without encryption: the best comes first, so move it up`,
      ),
  ),

  'of one host implicit TLS stands before STARTTLS': ofEach(({ servers }) =>
    servers
      .filter(
        (server, i) =>
          server.encryption === 'starttls' &&
          servers
            .slice(i)
            .some((s) => s.host === server.host && s.port === 465 && s.encryption === 'tls'),
      )
      .map(
        (server) =>
          `servers: ${endpointOf(server)} stands before ${server.host}:465: the best comes first, so move 465 up`,
      ),
  ),

  'a user name is a known template or a literal': ofEach(({ servers, ownDomains }) => [
    ...servers.flatMap((server) => badTemplate(`servers: ${endpointOf(server)}`, server.username)),
    ...badTemplate('ownDomains', ownDomains?.username ?? null),
  ]),

  'a rule for own domains tells something': ofEach(({ ownDomains }) =>
    when(
      ownDomains?.username === null && ownDomains.message === null,
      'ownDomains: username and message are both null: say in message what to sign in with, or remove ownDomains',
    ),
  ),

  'a rule for own domains is there only where they lead to servers': ofEach((p) =>
    when(
      p.ownDomains !== undefined && !takesOwnDomains(p),
      'ownDomains: it is for domains whose MX leads to these servers, and no mx proves mailbox or servers is empty: add that, or remove ownDomains',
    ),
  ),
};

function badTemplate(where: string, username: string | null): string[] {
  return when(
    username !== null &&
      (normaliseTemplate(username) !== username || withoutPlaceholders(username).includes('%')),
    `${where} has the user name ${username}, in which a placeholder is not known: write ${ADDRESS}, ${LOCAL_PART} or ${DOMAIN}, or null if nobody says`,
  );
}

function takesOwnDomains({ mx, servers }: ProviderFile): boolean {
  return servers.length > 0 && mx.some(({ proves }) => proves === 'mailbox');
}
