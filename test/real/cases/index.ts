/** What the program must say about each domain of the zone. */
import type { Case } from './case.ts';
import { corrected, nothing } from './corrected.ts';
import { doubtful } from './doubtful.ts';
import { networks } from './networks.ts';
import { mechanisms, published } from './published.ts';

/** By heading. */
export const cases: Readonly<Record<string, readonly Case[]>> = {
  'Mechanisms (Postfix)': mechanisms,
  'Where settings are published': published,
  'What a probe corrects': corrected,
  'What is doubted': doubtful,
  'What is not there': nothing,
  Networks: networks,
};
