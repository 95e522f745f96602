/** Thunderbird's online database (or another of its kind), by exact domain. */

import { clientConfigLookup } from './client-config-answer.ts';
import { ispdbUrl } from './documents/client-config-urls.ts';
import type { Source } from './source.ts';

export const DEFAULT_ISPDB = 'https://autoconfig.thunderbird.net/v1.1/';

export const ispdb: Source = {
  name: 'ispdb',
  over: 'http',
  lookups: ({ domain }, context) => [clientConfigLookup(ispdbUrl(context.ispdbUrl, domain))],
};
