/** What the program must say about each domain of the zone. */
import type { Case } from './case.ts';
import { corrected, nothing } from './corrected.ts';
import { doubtful } from './doubtful.ts';
import { limits } from './limits.ts';
import { logins } from './logins.ts';
import { networks } from './networks.ts';
import { products } from './products.ts';
import { deadBackends } from './proxies.ts';
import { mechanisms, published } from './published.ts';
import { resolvers } from './resolvers.ts';
import { oneDead } from './two-addresses.ts';
import { waiting } from './waiting.ts';

/** Its cases all run at once. */
export const WAITING = 'Servers that take their time';

/** By heading. */
export const cases: Readonly<Record<string, readonly Case[]>> = {
  'Mechanisms (Postfix)': mechanisms,
  'Where settings are published': published,
  'What a probe corrects': corrected,
  'What is doubted': doubtful,
  'What is not there': nothing,
  Networks: networks,
  'Resolvers that are of no use': resolvers,
  'Two addresses, one of them dead': oneDead,
  'Other servers, and proxies': products,
  'Proxies that lead nowhere': deadBackends,
  'Limits, and a no at each step (Exim)': limits,
  'Logins, and whom they may send as': logins,
  [WAITING]: waiting,
};
