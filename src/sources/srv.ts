/** SRV records whose target is the domain's own, a known provider's, or validated by DNSSEC. */
import type { Source } from './source.ts';
import { srvLookups } from './srv-answer.ts';

export const srv: Source = {
  name: 'srv',
  over: 'dns',
  lookups: ({ domain }) => srvLookups(domain, 'own'),
};
