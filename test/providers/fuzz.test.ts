import { domainToASCII } from 'node:url';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { readOurFiles } from '../../scripts/providers/ours.ts';
import { loadDirectory, type ProviderDirectory } from '../../src/providers/directory.ts';

const providers = readOurFiles().map(({ provider }) => provider);
const domains = providers.flatMap((p) => p.domains.map((domain) => ({ domain, id: p.id })));
const covering = new Set(providers.flatMap((p) => p.subdomains ?? []));
const known = new Map(domains.map(({ domain, id }) => [domain, id]));

let directory: ProviderDirectory;

beforeAll(async () => {
  directory = await loadDirectory();
});

const someDomain = fc.constantFrom(...domains);
const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/);

/** What the files themselves say, by the plainest means. */
function expected(name: string): string | null {
  const exact = known.get(name);
  if (exact !== undefined) return exact;
  for (let rest = name; rest.includes('.'); ) {
    rest = rest.slice(rest.indexOf('.') + 1);
    if (known.has(rest)) return covering.has(rest) ? (known.get(rest) ?? null) : null;
  }
  return null;
}

describe('any lookup', () => {
  it('takes any text without throwing', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
      fc.domain(),
    );
    fc.assert(
      fc.property(text, (input) => {
        directory.byDomain(input);
        directory.byMx(input);
        directory.byDiscoveryHost(input);
        directory.bySpf(input);
        directory.byDkim(input, input);
        directory.byDkim(input, null);
        directory.byHost(input);
        directory.byName(input);
        directory.suggestions(input);
      }),
    );
  });

  it('of a random domain matches only what the files name', () => {
    fc.assert(
      fc.property(fc.domain(), (domain) => {
        expect(directory.byDomain(domain)?.id ?? null).toBe(expected(domain.toLowerCase()));
      }),
    );
  });

  it('finds every domain in any case and with a trailing dot', () => {
    fc.assert(
      fc.property(someDomain, fc.infiniteStream(fc.boolean()), fc.boolean(), (row, upper, dot) => {
        const cased = [...row.domain].map((c) => (upper.next().value ? c.toUpperCase() : c));
        expect(directory.byDomain(cased.join('') + (dot ? '.' : ''))?.id).toBe(row.id);
      }),
    );
  });

  it('is not fooled by a look-alike', () => {
    const disguise = fc.oneof(
      fc.tuple(label, someDomain).map(([prefix, { domain }]) => `${prefix}${domain}`),
      fc.tuple(label, someDomain).map(([prefix, { domain }]) => `${prefix}-${domain}`),
      fc.tuple(someDomain, label).map(([{ domain }, suffix]) => `${domain}.${suffix}.example`),
      fc.tuple(label, someDomain).map(([sub, { domain }]) => `${sub}.${domain}`),
      someDomain.map(({ domain }) => domain.replace('.', '-')),
      someDomain.map(({ domain }) => domain.replace('a', 'а')),
    );
    fc.assert(
      fc.property(disguise, (name) => {
        expect(directory.byDomain(name)?.id ?? null).toBe(expected(domainToASCII(name)));
      }),
    );
  });
});

describe('an exchanger', () => {
  const patterns = providers.flatMap((p) => p.mx.map((m) => ({ ...m, id: p.id })));
  const some = fc.constantFrom(...patterns);

  it('made from a pattern matches it or a more specific one', () => {
    fc.assert(
      fc.property(some, label, label, ({ pattern }, first, inner) => {
        const host = pattern.replace(/^\*\./, `${first}.`).replaceAll('*', inner);
        expect(directory.byMx(host)).not.toBeNull();
      }),
    );
  });

  it('whose name only ends like a known one matches nothing of it', () => {
    fc.assert(
      fc.property(some, label, ({ pattern, id }, prefix) => {
        const host = pattern.replace(/^\*\./, '').replaceAll('*', '0');
        if (host.split('.').length > 2 || pattern.includes('*', 1)) return;
        expect(directory.byMx(`${prefix}${host}`)?.provider.id).not.toBe(id);
      }),
    );
  });

  it('with a known name inside somebody else’s domain matches nothing', () => {
    fc.assert(
      fc.property(some, label, ({ pattern }, owner) => {
        const host = pattern.replace(/^\*\./, 'mx.').replaceAll('*', '0');
        expect(directory.byMx(`${host}.${owner}.example`)).toBeNull();
      }),
    );
  });
});
