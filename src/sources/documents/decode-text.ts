/**
 * Bytes of a published document as text. What publishers say of their encoding is often wrong,
 * so evidence in the bytes comes first: a byte order mark, the zero bytes of UTF-16, valid UTF-8.
 * Only then counts what the Content-Type says, and then the XML declaration.
 */

import { TextDecoder } from 'node:util';

/** Far enough for any XML declaration. */
const HEAD = 200;

/** Never throws: what cannot be decoded becomes U+FFFD. */
export function decodeText(bytes: Uint8Array, contentType: string): string {
  const utf16 = utf16Label(bytes);
  if (utf16 !== null) return new TextDecoder(utf16).decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const label = charsetOf(contentType) ?? declaredEncoding(bytes) ?? 'windows-1252';
    return decoderFor(label).decode(bytes);
  }
}

function utf16Label(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return null;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === 0 && second !== 0) return 'utf-16be';
  return first !== 0 && second === 0 ? 'utf-16le' : null;
}

function charsetOf(contentType: string): string | null {
  return /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(contentType)?.[1] ?? null;
}

function declaredEncoding(bytes: Uint8Array): string | null {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, HEAD));
  return /^\s*<\?xml\s[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["']/.exec(head)?.[1] ?? null;
}

function decoderFor(label: string): TextDecoder {
  try {
    const decoder = new TextDecoder(label);
    // A label of UTF-8 or UTF-16 must be wrong, since the bytes are neither.
    if (!/^utf-/.test(decoder.encoding)) return decoder;
  } catch {
    // An unknown label.
  }
  return new TextDecoder('windows-1252');
}
