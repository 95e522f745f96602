/** Names that lead to a provider, from other files and from the command line. */
import { popularDomains } from '../../../src/providers/popular-domains.ts';
import { LARGEST } from '../largest.ts';
import { type Checks, inFile, ofEach, ofShared } from './check.ts';

export const nameChecks: Checks = {
  'a name for --provider means one provider': ofShared(
    ({ id, aliases = [] }) => [id, ...aliases],
    (name, other) =>
      `id, aliases: ${name} also means ${other}, and a name leads to one provider: remove it from one of them`,
  ),

  'no two providers are called the same': ofShared(
    ({ name }) => [name.toLowerCase()],
    (name, other) =>
      `name: ${other} is called ${name} as well: add what tells them apart, such as the country`,
  ),

  'a provider is hosted only by one that is there': (providers) => {
    const ids = new Set(providers.map(({ id }) => id));
    return ofEach(({ hostedBy = [] }) =>
      hostedBy
        .filter((id) => !ids.has(id))
        .map(
          (id) => `hostedBy: there is no data/providers/${id}.json: correct the id, or remove it`,
        ),
    )(providers);
  },

  'the largest are there': (providers) =>
    LARGEST.filter((id) => !providers.some((p) => p.id === id)).map((id) =>
      inFile(
        'scripts/providers/largest.ts',
        `there is no data/providers/${id}.json: name the provider that has taken its place among the fifty largest`,
      ),
    ),

  'a domain that may be meant by a misspelt one is there': (providers) => {
    const domains = new Set(providers.flatMap((p) => p.domains));
    return popularDomains
      .filter((domain) => !domains.has(domain))
      .map((domain) =>
        inFile(
          'src/providers/popular-domains.ts',
          `no provider has ${domain}, so it must not be suggested: take it out of this list, or add it to the provider's domains`,
        ),
      );
  },
};
