/** Look-ups in the bundled database. */
import { isAddress } from '../model/domain.ts';
import { asIndexed, suffixes } from './host-name.ts';
import {
  type CompiledIndex,
  type CompiledProvider,
  type CompiledTables,
  decode,
  names,
  readMark,
  readRows,
} from './index-format.ts';
import { matchFiled, patternToRegExp } from './mx-patterns.ts';
import type { MxMatch, Provider } from './provider.ts';
import { similar } from './similar.ts';

export interface ProviderDirectory {
  /** The month in which anything in it was last confirmed, YYYY-MM. */
  readonly date: string;
  /** The provider of a domain, or of its parent where the provider covers its subdomains. */
  byDomain(domain: string): Provider | null;
  /** The provider of a mail exchanger, and what that proves. */
  byMx(host: string): MxMatch | null;
  /**
   * The providers that the name which autodiscover.D or autoconfig.D is a CNAME to may stand for:
   * several where a service with one name for all has a server for each region.
   */
  byDiscoveryHost(host: string): readonly Provider[];
  /** The providers for whose mailboxes an SPF record names this domain (`include:`, `redirect=`). */
  bySpf(domain: string): readonly Provider[];
  /**
   * The providers that sign with this selector.
   * @param target what `<selector>._domainkey.D` is a CNAME to; null if the key is there itself
   */
  byDkim(selector: string, target: string | null): readonly Provider[];
  /** The selectors that `byDkim` knows. */
  dkimSelectors(): readonly string[];
  /** The provider that names this very submission server; of several the one in whose domain it is. */
  byHost(host: string): Provider | null;
  /** The provider with this id, name or alias. */
  byName(text: string): Provider | null;
  /** Ids close to a mistyped name, best first. */
  suggestions(text: string): readonly string[];
}

let loaded: Promise<ProviderDirectory> | undefined;

/** The bundled database. Its text is imported on the first call only. */
export function loadDirectory(): Promise<ProviderDirectory> {
  loaded ??= Promise.all([import('./compiled.ts'), import('./compiled-date.ts')]).then(
    ([index, { providersDate }]) => createDirectory(index, providersDate),
  );
  return loaded;
}

/**
 * A directory over an index. The casts are the boundary: the text is our own build's output, which
 * `npm run data:check` has proven.
 */
function createDirectory(index: CompiledIndex, date: string): ProviderDirectory {
  const lines = lazy(() => index.rows.split('\n'));
  const tables = lazy(() => JSON.parse(index.tables) as CompiledTables);
  const called = lazy(() => rowsByName(lines().map((_, row) => compiled(row))));
  const known = new Map<number, Provider>();

  const compiled = (row: number) => JSON.parse(lines()[row] ?? '') as CompiledProvider;

  function provider(row: number): Provider {
    const made = known.get(row) ?? decode(compiled(row), lineAt(index.domains, row), tables());
    known.set(row, made);
    return made;
  }

  /** The rows that name a server; only its owner's, where that is one of several. */
  function rowsOfHost(host: string): readonly number[] {
    // An address of this machine (Proton's Bridge) is anybody's.
    const name = isAddress(host) ? '' : asIndexed(host);
    const rows = rowsNaming(index.rows, name);
    if (rows.length < 2) return rows;
    const owners = [...suffixes(name)].map((suffix) => rowOf(index.domains, suffix));
    const owner = rows.find((row) => owners.includes(row));
    return owner === undefined ? rows : [owner];
  }

  return {
    date,
    byDomain(domain) {
      const name = asIndexed(domain);
      for (const suffix of suffixes(name)) {
        const row = rowOf(index.domains, suffix);
        // The nearest entry ends the search, whether it covers its subdomains or not.
        if (row === null) continue;
        const covers = suffix === name || names(compiled(row)[8]).includes(suffix);
        return covers ? provider(row) : null;
      }
      return null;
    },
    byMx(host) {
      const found = matchFiled(index.exchangers, asIndexed(host));
      if (found === null) return null;
      const { proves, row } = readMark(found.mark);
      return { proves, provider: provider(row), pattern: found.pattern };
    },
    byDiscoveryHost(host) {
      const found = matchFiled(index.discovery, asIndexed(host));
      return found === null ? [] : readRows(found.mark).map(provider);
    },
    bySpf(domain) {
      const rows = lineOf(index.senders, asIndexed(domain));
      return rows === null ? [] : readRows(rows).map(provider);
    },
    byDkim(selector, target) {
      const host = target === null ? null : asIndexed(target);
      const line = lineOf(index.signers, selector.toLowerCase()) ?? '';
      const rows = names(line).flatMap((entry) => {
        const [mark = '', pattern = ''] = entry.split(':');
        const signs =
          host === null ? pattern === '-' : pattern !== '-' && patternToRegExp(pattern).test(host);
        return signs ? readRows(mark) : [];
      });
      return [...new Set(rows)].map(provider);
    },
    dkimSelectors: () =>
      index.signers
        .split('\n')
        .slice(1)
        .map((line) => line.slice(0, line.indexOf(' '))),
    byHost(host) {
      const [row] = rowsOfHost(host);
      return row === undefined ? null : provider(row);
    },
    byName(text) {
      const row = called().get(text.trim().toLowerCase());
      return row === undefined ? null : provider(row);
    },
    suggestions(text) {
      const ids = [...called()].map(([name, row]) => [name, compiled(row)[0]] as const);
      return similar(text.trim(), ids);
    },
  };
}

function lazy<T>(build: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= build();
    return value;
  };
}

/** The rows that have a server of this name. A row's number is the number of lines before it. */
function rowsNaming(rows: string, host: string): number[] {
  const found: number[] = [];
  const head = `["${host}",`;
  let line = 0;
  let from = 0;
  for (let at = host === '' ? -1 : rows.indexOf(head); at >= 0; at = rows.indexOf(head, at + 1)) {
    line += rows.slice(from, at).split('\n').length - 1;
    from = at;
    // An id at the beginning of a line may look like a host as well.
    if (at > 0 && rows[at - 1] !== '\n' && found.at(-1) !== line) found.push(line);
  }
  return found;
}

/** The row that lists a domain, in lines of `row domain domain `. */
function rowOf(domains: string, domain: string): number | null {
  const at = domains.indexOf(` ${domain} `);
  if (at < 0) return null;
  return Number.parseInt(domains.slice(domains.lastIndexOf('\n', at) + 1, at), 10);
}

/** What a row's line lists. */
function lineAt(domains: string, row: number): string {
  return lineOf(domains, String(row)) ?? '';
}

/** The rest of the line that begins with a word. */
function lineOf(lines: string, word: string): string | null {
  const head = `\n${word} `;
  const at = word === '' ? -1 : lines.indexOf(head);
  if (at < 0) return null;
  const from = at + head.length;
  const end = lines.indexOf('\n', from);
  return lines.slice(from, end < 0 ? undefined : end);
}

/** Ids win over names, names over aliases. */
function rowsByName(rows: readonly CompiledProvider[]): Map<string, number> {
  const called = new Map<string, number>();
  const call = (name: string, row: number) => called.has(name) || called.set(name, row);
  for (const [row, [id]] of rows.entries()) call(id, row);
  for (const [row, [, name]] of rows.entries()) call(name.toLowerCase(), row);
  for (const [row, [, , , aliases]] of rows.entries()) {
    for (const alias of names(aliases)) call(alias, row);
  }
  return called;
}
