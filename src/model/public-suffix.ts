/**
 * Registrable domains and parents, by the public suffix list.
 *
 * Its private part counts (`uk.com`, `github.io`): whoever registered a name below such a suffix is
 * a stranger to its neighbours. Apart from `domain.ts`, since the list takes a while to load.
 */
import { getDomain } from 'tldts';

/** The registrable domain of a name, or null when there is none (it is a public suffix, or an address). */
export function registrableDomain(name: string): string | null {
  return getDomain(name, { allowPrivateDomains: true, validateHostname: false });
}

/**
 * Whether `host` lies in the same registrable domain as `domain`. What lies below a public suffix
 * belongs to strangers, so that such a `domain` has only itself.
 */
export function inRegistrableDomain(host: string, domain: string): boolean {
  const base = registrableDomain(domain);
  return host === domain || host === base || (base !== null && host.endsWith(`.${base}`));
}

/** The parents of a subdomain, nearest first, up to and including its registrable domain. */
export function parentsOf(domain: string): readonly string[] {
  const base = registrableDomain(domain);
  if (base === null || base === domain) return [];
  const parents: string[] = [];
  for (let name = domain; name !== base; ) {
    name = name.slice(name.indexOf('.') + 1);
    parents.push(name);
  }
  return parents;
}
