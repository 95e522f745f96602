/** Look-ups in the bundled database. */
import { isAddress } from '../model/domain.ts';
import { asIndexed, suffixes } from './host-name.ts';
import {
  type CompiledIndex,
  type CompiledProvider,
  type CompiledTables,
  calledBy,
  decode,
  names,
  readMark,
  readRows,
} from './index-format.ts';
import { lineAt, lineOf, rowOf, rowOfId, rowsNaming } from './index-search.ts';
import { matchFiled, patternToRegExp } from './mx-patterns.ts';
import { fold, nameIndex } from './names.ts';
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
  byId(id: string): Provider | null;
  /**
   * The providers that a name may mean: an id, a name, an alias, however they are spelled; a domain;
   * a submission server; or a service with several regions, which are all of them then. One is meant
   * for sure, several are to choose from.
   */
  byName(text: string): readonly Provider[];
  all(): Iterable<Provider>;
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
  const named = lazy(() => nameIndex(lines().map((_, row) => calledBy(compiled(row)))));
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

  const directory: ProviderDirectory = {
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
    byId(id) {
      const row = rowOfId(index.rows, id);
      return row === null ? null : provider(row);
    },
    byName(text) {
      const called = named().called(text);
      if (called.length > 0) return called.map(provider);
      const name = text.trim();
      const owner = directory.byDomain(name);
      if (owner !== null) return [owner];
      const rows = rowsOfHost(name);
      return (rows.length > 0 ? rows : named().ofFamily(text)).map(provider);
    },
    all: () => lines().map((_, row) => provider(row)),
    suggestions: (text) => similar(fold(text), named().spellings()),
  };
  return directory;
}

function lazy<T>(build: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= build();
    return value;
  };
}
