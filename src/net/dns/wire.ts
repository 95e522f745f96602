/** Names as they go on the wire and as they come back, and the codecs of dns-packet that we use. */
import { name, record } from 'dns-packet';

/**
 * The two parts of dns-packet that we use apart from whole messages, which its published types
 * leave out: decompressing names, and decoding the data of single records. A whole message is
 * not decoded by it, because one malformed record would then lose all the others.
 */
declare module 'dns-packet' {
  export const name: {
    /** @throws Error when the name runs over the end, or a pointer does not point backwards */
    decode: ((bytes: Buffer, offset: number) => string) & {
      /** How many bytes the last name took. */
      bytes: number;
    };
  };
  /** Codec of one type's data, which starts at its two bytes of length. */
  export function record(type: 'A' | 'AAAA'): { decode(bytes: Buffer, offset: number): string };
  export function record(type: 'TXT'): { decode(bytes: Buffer, offset: number): Buffer[] };
}

export { name, record };

const MAX_NAME = 253; // RFC 1035 §2.3.4, written without the root dot
const MAX_LABEL = 63;
const ASKABLE = /^[!-~]+$/;

/**
 * Whether such a name can exist in the DNS at all. What cannot must never reach the encoder,
 * which would take the length of an overlong label for a compression pointer.
 */
export function isAskable(name: string): boolean {
  if (name.length === 0 || name.length > MAX_NAME || !ASKABLE.test(name)) return false;
  return name.split('.').every((label) => label.length > 0 && label.length <= MAX_LABEL);
}

/** Lower case, without the root dot; the root is `''`. DNS folds ASCII letters only (RFC 4343). */
export function foldName(name: string): string {
  const lower = name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  return lower.endsWith('.') ? lower.slice(0, -1) : lower;
}
