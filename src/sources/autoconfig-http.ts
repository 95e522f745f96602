/** Autoconfig over plain HTTP, as many old deployments have it. The address is never sent. */

import { clientConfigLookup } from './client-config-answer.ts';
import { autoconfigUrls } from './documents/client-config-urls.ts';
import type { Source } from './source.ts';

export const autoconfigHttp: Source = {
  name: 'autoconfig-http',
  over: 'http',
  lookups: ({ domain }) => autoconfigUrls('http', domain).map((url) => clientConfigLookup(url)),
};
