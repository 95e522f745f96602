/** In which encoding a list is, and how bytes that it does not allow are shown. */

export type Encoding = 'utf-8' | 'utf-16le';

export interface Encoded {
  readonly encoding: Encoding;
  /** Of UTF-16 whole units, the lower byte first. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** UTF-16 by its byte order mark, or by the zeros that ASCII has in it; all else is UTF-8. */
export async function detectEncoding(
  input: AsyncIterable<Uint8Array | string>,
): Promise<Encoded & { readonly close: () => Promise<void> }> {
  const source = bytesOf(input);
  let start = Buffer.alloc(0);
  // Two characters, which no query is shorter than.
  while (start.length < 4) {
    const { done, value } = await source.next();
    if (done === true) break;
    start = Buffer.concat([start, value]);
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    yield start;
    yield* source;
  }
  const close = async (): Promise<void> => {
    await source.return(undefined);
  };
  const bigEndian = looksBigEndian(start);
  if (bigEndian === null) return { encoding: 'utf-8', chunks: all(), close };
  return { encoding: 'utf-16le', chunks: wholeUnits(all(), bigEndian), close };
}

export async function* bytesOf(
  input: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of input) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

/** @returns null for what is not UTF-16 */
function looksBigEndian(start: Uint8Array): boolean | null {
  const [a, b, c = 0x20, d = 0] = start;
  if (a === undefined || b === undefined) return null;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return a === 0xfe;
  if (a !== 0 && b === 0 && (start.length < 4 || (c !== 0 && d === 0))) return false;
  if (a === 0 && b !== 0 && (start.length < 4 || (c === 0 && d !== 0))) return true;
  return null;
}

async function* wholeUnits(
  chunks: AsyncIterable<Uint8Array>,
  swap: boolean,
): AsyncGenerator<Uint8Array> {
  let half: Uint8Array = new Uint8Array(0);
  for await (const chunk of chunks) {
    const data = Buffer.concat([half, chunk]);
    const even = data.length - (data.length % 2);
    half = data.subarray(even);
    const units = data.subarray(0, even);
    if (even > 0) yield swap ? units.swap16() : units;
  }
  if (half.length > 0) yield half;
}

/** @returns null for bytes that are not text */
export function decode(bytes: Uint8Array, encoding: Encoding, isCut: boolean): string | null {
  try {
    // A cut line may end within a character.
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: isCut });
  } catch {
    return null;
  }
}

/** Like `you\xe9@example.com`. */
export function escaped(bytes: Uint8Array, encoding: Encoding): string {
  const data = Buffer.from(bytes);
  const [text, letter, digits] =
    encoding === 'utf-8'
      ? ([data.toString('latin1'), 'x', 2] as const)
      : ([data.toString('utf16le'), 'u', 4] as const);
  return text.replace(
    /[^\t -~]/g,
    (unit) => `\\${letter}${unit.charCodeAt(0).toString(16).padStart(digits, '0')}`,
  );
}
