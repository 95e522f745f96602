/** Lines of a text stream, one at a time, however it is cut into chunks. */

/** Longer lines are cut here: nothing that long can be an address, and memory stays bounded. */
export const MAX_LINE = 4096;

/**
 * UTF-8, with or without a byte order mark, ends of line as on Unix or Windows.
 * An empty line counts; nothing after the last end of line does not.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let line = '';
  for await (const chunk of chunks) {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      yield chomp(append(line, text.slice(start, end)));
      line = '';
      start = end + 1;
    }
    line = append(line, text.slice(start));
  }
  line = append(line, decoder.decode());
  if (line !== '') yield chomp(line);
}

/** One character beyond the limit is kept, so that a cut line can be told. */
function append(line: string, text: string): string {
  return line.length > MAX_LINE ? line : (line + text).slice(0, MAX_LINE + 1);
}

function chomp(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
