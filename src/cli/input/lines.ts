/** Lines of a text stream, one at a time, however it is cut into chunks. */

/** Longer lines are cut here: nothing that long can be an address, and memory stays bounded. */
export const MAX_LINE = 4096;

export interface Line {
  /** Without its end; one character beyond the limit is kept, so that a cut line can be told. */
  readonly text: string;
  /** What it took of the stream, its end included. */
  readonly bytes: number;
  /** False for a last line that nothing ends. */
  readonly ended: boolean;
}

const LINE_FEED = 0x0a;
const MOST_BYTES_A_CHARACTER = 4;

/**
 * UTF-8, with or without a byte order mark, ends of line as on Unix or Windows.
 * An empty line counts; nothing after the last end of line does not.
 * @param limit characters kept of a line
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array | string>,
  limit: number = MAX_LINE,
): AsyncGenerator<Line> {
  const most = (limit + 1) * MOST_BYTES_A_CHARACTER;
  let parts: Uint8Array[] = [];
  let kept = 0;
  let bytes = 0;

  const keep = (part: Uint8Array): void => {
    bytes += part.length;
    if (kept >= most || part.length === 0) return;
    const wanted = part.subarray(0, most - kept);
    // A copy: a slice would keep the whole chunk in memory.
    parts.push(Uint8Array.prototype.slice.call(wanted));
    kept += wanted.length;
  };
  const take = (ended: boolean): Line => {
    const text = new TextDecoder().decode(parts.length === 1 ? parts[0] : Buffer.concat(parts));
    const line = { text: chomp(text).slice(0, limit + 1), bytes: bytes + (ended ? 1 : 0), ended };
    parts = [];
    kept = 0;
    bytes = 0;
    return line;
  };

  for await (const chunk of chunks) {
    const data = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    let start = 0;
    for (let end = data.indexOf(LINE_FEED); end !== -1; end = data.indexOf(LINE_FEED, start)) {
      keep(data.subarray(start, end));
      yield take(true);
      start = end + 1;
    }
    keep(data.subarray(start));
  }
  if (bytes > 0) yield take(false);
}

function chomp(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
