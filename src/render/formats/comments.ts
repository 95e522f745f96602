/** Text from anywhere as a comment that ends where its line ends, whatever the text holds. */
import { printable } from '../../model/printable.ts';

/** Bytes: msmtp refuses a file that has a line of more than 500. */
const MAX_COMMENT = 480;

/** One line. A backslash at its end would continue a comment of mutt's on the next line. */
function line(text: string): string {
  const whole = printable(text.replaceAll('\\', '/'), MAX_COMMENT);
  let shown = whole;
  for (let length = whole.length - 1; Buffer.byteLength(shown) > MAX_COMMENT; length--) {
    shown = printable(whole, length);
  }
  return shown;
}

/** For files whose comments begin with `#`. */
export function hashComment(text: string): string {
  return `# ${line(text)}`;
}

/**
 * Lines that belong in another file, below the settings: commented out, so that the whole may be
 * saved as one.
 * @param place the path, and who may read it
 * @param lines without control characters; they are not changed
 */
export function otherFile(place: string, lines: readonly string[]): readonly string[] {
  return [hashComment(`In ${place}, without the #:`), ...lines.map((text) => `# ${text}`)];
}

/**
 * For what may be pasted at a prompt, where `#` need not begin a comment (zsh): nothing is left that
 * a shell would expand, or that would end the command.
 */
export function shellComment(text: string): string {
  const harmless = line(text)
    .replace(/ ?\(([^()]*)\)(?= *([\w])?)/g, (_, inside: string, next?: string) =>
      next === undefined ? `, ${inside}` : `, ${inside},`,
    )
    .replaceAll('&', ' and ')
    .replace(/[?!](?=\s|$)/g, '.')
    .replaceAll("'", '’')
    .replaceAll(';', ',')
    .replace(/[^\p{L}\p{M}\p{N} .,:/@%+=_’…§–-]/gu, '')
    .replace(/ +/g, ' ');
  return `# ${harmless}`;
}

/** Python and Ruby read an encoding from a comment in the first two lines (PEP 263). */
export function codeComment(text: string): string {
  return `# ${line(text).replace(/coding(?=[:=])/g, 'coding ')}`;
}

export function slashComment(text: string): string {
  return `// ${line(text)}`;
}

/** XML allows no `--` in comments, and no `-` at the end; a hyphen that looks the same stands in. */
export function xmlComment(text: string): string {
  const harmless = line(text)
    .replace(/--+/g, (hyphens) => '‐'.repeat(hyphens.length))
    .replace(/[\ufffe\uffff]/g, '');
  return `<!-- ${harmless} -->`;
}
