/**
 * The two parts of dns-packet that we use apart from whole messages, which its published types
 * leave out: decompressing names, and decoding the data of single records. A whole message is
 * not decoded by it, because one malformed record would then lose all the others.
 */
import { name, record } from 'dns-packet';

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
