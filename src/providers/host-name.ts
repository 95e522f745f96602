/** Host names as the index has them. */
import { domainToASCII } from 'node:url';

/**
 * A name as the index spells it: A-labels, lower case, no trailing dot. Whatever cannot be a host
 * name becomes the empty string, which matches nothing.
 */
export function asIndexed(text: string): string {
  const bare = text.endsWith('.') ? text.slice(0, -1) : text;
  if (bare.length === 0 || bare.length > 253) return '';
  const name = isAscii(bare) ? bare.toLowerCase() : domainToASCII(bare);
  return /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)+$/.test(name) ? name : '';
}

function isAscii(text: string): boolean {
  return /^[\x21-\x7e]*$/.test(text);
}

/** The name and its parents, longest first: a.example.org, example.org, org. */
export function* suffixes(name: string): Generator<string> {
  let rest = name;
  while (rest !== '') {
    yield rest;
    const dot = rest.indexOf('.');
    rest = dot < 0 ? '' : rest.slice(dot + 1);
  }
}
