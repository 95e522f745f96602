/** Content codings undone, within a limit (RFC 9110 §8.4). */
import { promisify } from 'node:util';
import zlib from 'node:zlib';

export const ACCEPT_ENCODING = 'gzip, deflate, br';

export type Decoded =
  | { readonly kind: 'decoded'; readonly body: Buffer }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'undecodable'; readonly coding: string };

type Decoder = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const gunzip: Decoder = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gunzip);
const inflate: Decoder = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflate);
const inflateRaw: Decoder = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflateRaw);
const brotli: Decoder = promisify<Buffer, zlib.BrotliOptions, Buffer>(zlib.brotliDecompress);

const DECODERS: ReadonlyMap<string, Decoder> = new Map([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['deflate', (body, options) => (isZlib(body) ? inflate : inflateRaw)(body, options)],
  ['br', brotli],
]);

/** Nobody honest encodes more than once. */
const MOST_CODINGS = 2;

/**
 * @param encoding the Content-Encoding header
 * @param maxBytes longest result, and longest intermediate one
 */
export async function decodeBody(
  encoded: Buffer,
  encoding: string,
  maxBytes: number,
): Promise<Decoded> {
  const codings = encoding
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  let body = encoded;
  // An answer without content may still carry the header.
  if (body.length === 0) return { kind: 'decoded', body };
  if (codings.length > MOST_CODINGS) return { kind: 'undecodable', coding: encoding };
  for (const coding of codings.reverse()) {
    const decode = DECODERS.get(coding);
    if (decode === undefined) return { kind: 'undecodable', coding };
    try {
      body = await decode(body, { maxOutputLength: maxBytes });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ERR_BUFFER_TOO_LARGE') return { kind: 'too-large' };
      return { kind: 'undecodable', coding };
    }
  }
  return body.length > maxBytes ? { kind: 'too-large' } : { kind: 'decoded', body };
}

/** `deflate` means the zlib format (RFC 1950), but some servers send the bare stream. */
function isZlib(body: Buffer): boolean {
  return body.length >= 2 && ((body[0] ?? 0) & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0;
}
