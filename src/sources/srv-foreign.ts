/** SRV records with any other target: ranked lower, since plain DNS may be forged. */
import type { Source } from './source.ts';
import { srvLookups } from './srv-answer.ts';

export const srvForeign: Source = {
  name: 'srv-foreign',
  over: 'dns',
  lookups: ({ domain }) => srvLookups(domain, 'foreign'),
};
