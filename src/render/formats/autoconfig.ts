/** A clientConfig document (draft-ietf-mailmaint-autoconfig), as far as sending mail goes. */
import type { Encryption } from '../../model/endpoint.ts';
import { printable } from '../../model/printable.ts';
import { ADDRESS, LOCAL_PART, localPartOf } from '../../model/username.ts';
import { mechanismNamed, mechanismsOfWord, takesToken } from '../../sasl/mechanisms.ts';
import type { Account } from './account.ts';
import { xmlComment } from './comments.ts';
import { createFormat, type Format, orStandIn, type Written } from './format.ts';

export const autoconfig: Format = createFormat({
  name: 'autoconfig',
  summary: 'clientConfig XML, as Thunderbird reads and domains publish it',
  firstLine: '<?xml version="1.0" encoding="UTF-8"?>',
  comment: xmlComment,
  write,
});

const SOCKET_TYPES: { readonly [E in Encryption]: string } = {
  tls: 'SSL',
  starttls: 'STARTTLS',
  none: 'plain',
};

function write(account: Account): Written {
  const { host, port, encryption, auth, provider } = account;
  const remarks = ['For sending only: add an incomingServer before you publish it.'];
  if (auth.length === 0) remarks.push('No source states the authentication: it is assumed.');
  const domain = account.domain ?? host;
  const username = orStandIn(xmlText, usernameFor(account), 'user name', ADDRESS, remarks);
  const name = (provider === null ? null : xmlText(provider)) ?? domain;
  return {
    remarks,
    lines: [
      '<clientConfig version="1.1">',
      `  <emailProvider id="${domain}">`,
      `    <domain>${domain}</domain>`,
      `    <displayName>${name}</displayName>`,
      '    <outgoingServer type="smtp">',
      `      <hostname>${host}</hostname>`,
      `      <port>${port}</port>`,
      `      <socketType>${SOCKET_TYPES[encryption]}</socketType>`,
      ...authentications(auth).map((element) => `      ${element}`),
      `      <username>${username}</username>`,
      '    </outgoingServer>',
      '  </emailProvider>',
      ...oauthElement(account),
      '</clientConfig>',
    ],
  };
}

/** The document is for a domain: the address of whoever asked has no place in it. */
function usernameFor({ email, username, template }: Account): string {
  if (email === null) return template;
  if (username === email) return ADDRESS;
  return username === localPartOf(email) ? LOCAL_PART : username;
}

/** Each word once; a mechanism that the format has no word for goes by its own name. */
function authentications(auth: readonly string[]): readonly string[] {
  const known = auth.length === 0 ? mechanismsOfWord('password-cleartext') : auth;
  const elements = known.map((mechanism) => {
    const [word] = mechanismNamed(mechanism)?.clientConfig ?? [];
    return word === undefined
      ? `<authentication system="sasl">${mechanism}</authentication>`
      : `<authentication>${word}</authentication>`;
  });
  return [...new Set(elements)];
}

function oauthElement({ oauth, auth }: Account): readonly string[] {
  if (oauth === null || !auth.some(takesToken)) return [];
  const { issuer, scopes, authorizationEndpoint, tokenEndpoint } = oauth;
  const element = (name: string, value: string | null): string[] => {
    const text = value === null || value === '' ? null : xmlText(value);
    return text === null ? [] : [`    <${name}>${text}</${name}>`];
  };
  return [
    '  <oAuth2>',
    ...element('issuer', issuer),
    ...element('scope', scopes.join(' ')),
    ...element('authURL', authorizationEndpoint),
    ...element('tokenURL', tokenEndpoint),
    '  </oAuth2>',
  ];
}

/** Text of an element or of an attribute; null for what XML cannot hold. */
function xmlText(value: string): string | null {
  if (printable(value) !== value || /[\ufffe\uffff]/.test(value)) return null;
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
