/** What may have been meant by text that is no address: found inside it, never made up. */
import { isAddressOrDomain, QUOTATION_MARKS } from './address.ts';
import { unwrap } from './pasted.ts';

const URL_HOST = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?([^/?#:]+)/i;
const HOST_AND_MORE = /^([^\s/?#:@]+)[/?#:]/;
const AFTER_AT = /^@+([^@]+)$/;
const ADDRESS_INSIDE = /[^\s<>()[\]",;:]+@[^\s<>()[\]",;:@]+/g;
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
  const joined = text.replace(/\s*@\s*/g, '@').replace(/\p{Cf}/gu, '');
  const found = [
    joined,
    joined.replace(QUOTATION_MARKS, ''),
    ...(text.match(ADDRESS_INSIDE) ?? []),
  ].map(unwrap);
  return [...new Set(found)]
    .filter((meant) => meant.includes('@') && isAddressOrDomain(meant))
    .slice(0, MOST);
}

export function isUrl(text: string): boolean {
  return URL_HOST.test(text);
}
