/** Finds lines in the texts of the compact index, none of which is parsed. */

/** The row that begins with an id. */
export function rowOfId(rows: string, id: string): number | null {
  const head = `["${id}",`;
  if (rows.startsWith(head)) return 0;
  const at = rows.indexOf(`\n${head}`);
  return at < 0 ? null : linesBefore(rows, at + 1);
}

/** The rows that have a server of this name. */
export function rowsNaming(rows: string, host: string): number[] {
  const found = new Set<number>();
  const head = `["${host}",`;
  for (let at = host === '' ? -1 : rows.indexOf(head); at >= 0; at = rows.indexOf(head, at + 1)) {
    // An id at the beginning of a line may look like a host as well.
    if (at > 0 && rows[at - 1] !== '\n') found.add(linesBefore(rows, at));
  }
  return [...found];
}

/** Which is the number of a row. */
function linesBefore(rows: string, at: number): number {
  return rows.slice(0, at).split('\n').length - 1;
}

/** The row that lists a domain, in lines of `row domain domain `. */
export function rowOf(domains: string, domain: string): number | null {
  const at = domains.indexOf(` ${domain} `);
  if (at < 0) return null;
  return Number.parseInt(domains.slice(domains.lastIndexOf('\n', at) + 1, at), 10);
}

/** What a row's line lists. */
export function lineAt(domains: string, row: number): string {
  return lineOf(domains, String(row)) ?? '';
}

/** The rest of the line that begins with a word. */
export function lineOf(lines: string, word: string): string | null {
  const head = `\n${word} `;
  const at = word === '' ? -1 : lines.indexOf(head);
  if (at < 0) return null;
  const from = at + head.length;
  const end = lines.indexOf('\n', from);
  return lines.slice(from, end < 0 ? undefined : end);
}
