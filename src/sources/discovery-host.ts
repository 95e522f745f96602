/**
 * A name that providers have their customers publish for discovery (`autoconfig.D`,
 * `autodiscover.D`), as a CNAME to a host of theirs: whoever runs it keeps the mailboxes, also when
 * no document is to be had there.
 */
import { readAliases } from './documents/aliases.ts';
import { databaseEntry, providerAnswer } from './provider-answer.ts';
import type { Answer, Lookup, LookupContext } from './source.ts';

export function discoveryHostLookup(name: string): Lookup {
  return { from: `${name} CNAME`, find: (context) => find(name, context) };
}

async function find(
  name: string,
  { network, providers, query, signal }: LookupContext,
): Promise<Answer> {
  const aliases = await readAliases(name, network, signal);
  if (aliases.kind === 'failed') {
    const { detail, reached } = aliases;
    return { outcome: 'failed', detail, temporary: true, reached, offWeb: true };
  }
  const { names, authentic } = aliases;
  if (names.length === 0) return { outcome: 'nothing', detail: 'no alias', offWeb: true };
  for (const target of names) {
    const [provider, ...others] = providers.byDiscoveryHost(target);
    if (!provider) continue;
    const detail = `${target} is ${provider.name}`;
    if (others.length > 0) {
      const all = [provider, ...others].map((one) => one.name).join(' or ');
      return { outcome: 'nothing', detail: `${target} is ${all}`, offWeb: true };
    }
    const channel = authentic ? 'dnssec' : 'dns';
    const answer = providerAnswer(provider, query.domain, channel, detail);
    if (answer.outcome !== 'found') return answer;
    return { ...answer, from: `${name} CNAME ${target}; ${databaseEntry(provider)}` };
  }
  const detail = `${names.slice(0, 2).join(', ')}: no provider that the database knows`;
  return { outcome: 'nothing', detail, offWeb: true };
}
