/** What may have been meant by text that is no address: found inside it, never made up. */
import { isAddressOrDomain, QUOTATION_MARKS } from './address.ts';
import { unwrap } from './pasted.ts';

const URL_HOST = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?([^/?#:]+)/i;
const HOST_AND_MORE = /^([^\s/?#:@]+)[/?#:]/;
const AFTER_AT = /^@+([^@]+)$/;
const ADDRESS_INSIDE = /[^\s<>()[\]",;:]+@[^\s<>()[\]",;:@]+/g;
/** Of what was found so, without the signs of Markdown and lists before it, and what follows a domain. */
const WITHOUT_SIGNS = /^[*•·–—]*([^@]+@[\p{L}\p{M}\p{N}.-]*[\p{L}\p{M}\p{N}])/u;
/** Against collectors of addresses, and what Asian keyboards type. */
const AT = /\s*(?:[[({]\s*at\s*[\])}]|[＠﹫])\s*/gi;
const DOT = /\s*[[({]\s*dot\s*[\])}]\s*/gi;
const COMMA_FOR_DOT = /^([^@]+@[\p{L}\p{N}-]+),([\p{L}\p{N}-]+)$/u;
const MOST = 3;

/** @param typed of a bounded length */
export function meantBy(typed: string): readonly string[] {
  // A full-width @ is read as one.
  const text = typed.normalize('NFKC');
  const domain = [URL_HOST, AFTER_AT, ...(text.includes('@') ? [] : [HOST_AND_MORE])]
    .map((pattern) => pattern.exec(text)?.[1])
    .find((found) => found !== undefined);
  if (domain !== undefined) {
    const name = domain.replace(/^www\.(?=.*\.)/i, '');
    return isAddressOrDomain(name) ? [name] : [];
  }
  // A space where none belongs, a character that nobody sees.
  const joined = text
    .replace(AT, '@')
    .replace(DOT, '.')
    .replace(/\s*@\s*/g, '@')
    .replace(/\p{Cf}/gu, '')
    .replace(COMMA_FOR_DOT, '$1.$2');
  const inside = (text.replace(AT, '@').match(ADDRESS_INSIDE) ?? []).map((found) =>
    isAddressOrDomain(unwrap(found)) ? found : (WITHOUT_SIGNS.exec(found)?.[1] ?? ''),
  );
  const found = [joined, joined.replace(QUOTATION_MARKS, ''), ...inside].map(unwrap);
  return [...new Set(found)]
    .filter((meant) => meant.includes('@') && isAddressOrDomain(meant))
    .slice(0, MOST);
}

export function isUrl(text: string): boolean {
  return URL_HOST.test(text);
}
