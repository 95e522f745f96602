/** Notes that follow from the servers, or that the servers follow from. */
import { takesToken } from '../../../src/sasl/mechanisms.ts';
import { isKept } from '../ages.ts';
import type { ProviderFile } from '../format.ts';
import { statesServers } from '../last-confirmed.mjs';
import { type Checks, ofEach, when } from './check.ts';

export const noteChecks: Checks = {
  'a page to switch access on goes with a note that it is off': ofEach((p) =>
    when(
      p.links?.enable !== undefined &&
        !has(p, 'enable-smtp-access') &&
        !has(p, 'admin-must-enable'),
      'links: enable says where access is switched on, and no note says that it is off: add a note enable-smtp-access or admin-must-enable, or remove the link',
    ),
  ),

  'dates are days or months that exist': ofEach((p) =>
    p.notes.flatMap(({ code, date = '' }) =>
      when(
        /-..-/.test(date) && new Date(`${date}T00:00Z`).toJSON()?.slice(0, 10) !== date,
        `notes: ${code} has the date ${date}, which does not exist: correct it`,
      ),
    ),
  ),

  'no-submission is said where there are no servers, and only there': ofEach((p) => [
    ...when(
      has(p, 'no-submission') && p.servers.length > 0,
      'notes: no-submission says that nobody can send here, but there are servers: remove one or the other',
    ),
    ...when(
      !has(p, 'no-submission') && p.servers.length === 0 && ['mailbox', 'relay'].includes(p.kind),
      'servers is empty: add the servers, or a note no-submission that says why there are none',
    ),
  ]),

  'plaintext-only is said where nothing is encrypted, and only there': ofEach((p) => [
    ...when(
      isPlaintext(p) && !has(p, 'plaintext-only'),
      'notes: no server encrypts, so a note plaintext-only has to say it: add one, or the server that encrypts',
    ),
    ...when(
      !isPlaintext(p) && has(p, 'plaintext-only'),
      'notes: plaintext-only says that no server encrypts, which is not so: remove it',
    ),
  ]),

  'servers without encryption are vouched for by a kept list or a page': ofEach((p) =>
    when(
      isPlaintext(p) &&
        !p.facts.some(
          (fact) => statesServers(fact) && (isKept(fact) || fact.from?.startsWith('https:')),
        ),
      'facts: no server encrypts, and neither a page nor a list that is kept up says that this is still so: name the page, or retire the provider',
    ),
  ),

  'oauth2-only is said where no password signs in, and only there': ofEach((p) => {
    const only = p.servers.some(({ auth }) => auth.length > 0 && auth.every(takesToken));
    return [
      ...when(
        only && !has(p, 'oauth2-only'),
        'notes: a server lists only OAuth 2.0 in auth, so a note oauth2-only has to say it: add one, or the mechanisms for passwords',
      ),
      ...when(
        !only && has(p, 'oauth2-only'),
        'notes: oauth2-only says that no password signs in, but no server has only XOAUTH2 or OAUTHBEARER in auth: correct auth, or remove the note',
      ),
      ...when(
        only && p.oauth === null,
        'oauth is null, but a server takes nothing but OAuth 2.0: fill in where a token is had',
      ),
    ];
  }),
};

function has({ notes }: ProviderFile, code: string): boolean {
  return notes.some((note) => note.code === code);
}

function isPlaintext({ servers }: ProviderFile): boolean {
  return servers.length > 0 && servers.every(({ encryption }) => encryption === 'none');
}
