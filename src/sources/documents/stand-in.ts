/**
 * The address that is told in place of the user's own, which stays at home: every domain has a
 * `postmaster` (RFC 5321 §4.5.1). What an answer says of it is turned back into placeholders.
 */
import { toULabels } from '../../model/domain.ts';
import { ADDRESS, LOCAL_PART, withoutPlaceholders } from '../../model/username.ts';

const POSTMASTER = 'postmaster';
const WORD = /(?<![\p{L}\p{N}])postmaster(?![\p{L}\p{N}])/giu;

/** With a Windows domain ahead, or the mail domain on either side: `CORP\you`, `you.example.com`. */
const DOMAIN_NAME = '[a-z0-9-]+(?:\\.[a-z0-9-]+)+';
const OF_ADDRESS = new RegExp(
  `^(?:[\\w.-]+[\\\\/]|${DOMAIN_NAME}[^a-z0-9])?` +
    `(?:${ADDRESS}|${LOCAL_PART}(?:[^a-z0-9]${DOMAIN_NAME})?)$`,
  'i',
);

export function standInFor(domain: string): string {
  return `${POSTMASTER}@${domain}`;
}

/** The text as a template: the stand-in and its local part, as a word, become placeholders. */
export function withoutStandIn(text: string, standIn: string): string {
  const domain = standIn.slice(standIn.lastIndexOf('@') + 1);
  return [domain, toULabels(domain)]
    .reduce((rest, name) => rest.replace(addressAt(name), ADDRESS), text)
    .replace(WORD, LOCAL_PART);
}

/**
 * A user name as a template; empty for one that says nothing of the user's own: the name of the
 * postmaster's account, or one that was made up from it.
 */
export function usernameWithoutStandIn(text: string, standIn: string): string {
  const template = withoutStandIn(text, standIn);
  if (template === text) return withoutPlaceholders(text) === text ? '' : text;
  return OF_ADDRESS.test(template) ? template : '';
}

function addressAt(domain: string): RegExp {
  const escaped = domain.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(
    `(?<![\\p{L}\\p{N}])${POSTMASTER}(?:@|%40)${escaped}(?![\\p{L}\\p{N}-])`,
    'giu',
  );
}
