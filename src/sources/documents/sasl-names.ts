/** The words for authentication that published documents use, as SASL mechanisms by IANA name. */
import { mechanismsOfWord } from '../../sasl/mechanisms.ts';

/** RFC 4422 §3.1. */
const SASL_NAME = /^[A-Z0-9_-]{1,20}$/;

/**
 * One `<authentication>` of a clientConfig document; empty for one that is unknown or needs no
 * mechanism (`none`, `client-IP-address`, `smtp-after-pop`).
 *
 * @param system its attribute of that name: `sasl` means that the word is a mechanism's own name
 */
export function mechanismsOf(word: string, system: string): readonly string[] {
  // Editions of the draft differ: system="sasl", or the word SASL ahead of the name.
  const prefixed = /^sasl\s+(\S+)$/i.exec(word)?.[1];
  const name = prefixed ?? (system.toLowerCase() === 'sasl' ? word : null);
  if (name !== null) return mechanismName(name);
  return mechanismsOfWord(word);
}

/** A mechanism's own name in any case, as a list of one; empty when it is no such name. */
function mechanismName(text: string): readonly string[] {
  const name = text.toUpperCase();
  return SASL_NAME.test(name) ? [name] : [];
}
