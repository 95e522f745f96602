/**
 * A name that providers have their customers publish for discovery (`autoconfig.D`,
 * `autodiscover.D`), as a CNAME to a host of theirs: whoever runs it keeps the mailboxes, also when
 * no document is to be had there.
 */
import type { Answer } from './answer.ts';
import { readAliases } from './documents/aliases.ts';
import { noRecord } from './documents/dns-records.ts';
import { databaseEntry, providerAnswer } from './provider-answer.ts';
import type { Lookup, LookupContext } from './source.ts';

export function discoveryHostLookup(name: string): Lookup {
  return { from: `${name} CNAME`, find: (context) => find(name, context) };
}

async function find(name: string, context: LookupContext): Promise<Answer> {
  const { providers, query } = context;
  const aliases = await readAliases(name, context);
  if (aliases.outcome !== 'found') return aliases;
  for (const target of aliases.records) {
    const [provider, ...others] = providers.byDiscoveryHost(target);
    if (!provider) continue;
    if (others.length > 0) {
      const all = [provider, ...others].map((one) => one.name).join(' or ');
      return noRecord(`${target} is ${all}`);
    }
    const channel = aliases.authentic ? 'dnssec' : 'dns';
    const detail = `${target} is ${provider.name}`;
    const answer = providerAnswer(provider, query.domain, channel, detail);
    if (answer.outcome !== 'found') return answer;
    return { ...answer, from: `${name} CNAME ${target}; ${databaseEntry(provider)}` };
  }
  const names = aliases.records.slice(0, 2).join(', ');
  return noRecord(`${names}: no provider that the database knows`);
}
