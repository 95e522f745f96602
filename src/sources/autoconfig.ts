/** Autoconfig at the domain itself (draft-ietf-mailmaint-autoconfig), over HTTPS. */

import { inRegistrableDomain } from '../model/public-suffix.ts';
import { clientConfigLookup } from './client-config-answer.ts';
import { discoveryHostLookup } from './discovery-host.ts';
import { autoconfigUrls, withAddress } from './documents/client-config-urls.ts';
import type { Source } from './source.ts';

export const autoconfig: Source = {
  name: 'autoconfig',
  over: 'http',
  lookups({ domain, kind }, { query, sendAddress }) {
    const own = kind === 'self';
    const documents = autoconfigUrls('https', domain).map((url) => {
      // Below a public suffix, `autoconfig.` may be a stranger's.
      const mayKnow = own && inRegistrableDomain(new URL(url).hostname, domain);
      return mayKnow && sendAddress && query.email !== null
        ? clientConfigLookup(withAddress(url, query.email))
        : clientConfigLookup(url, mayKnow && !sendAddress);
    });
    // Whose discovery host a mail exchanger's domain has says nothing of its customers.
    return kind === 'mx' ? documents : [...documents, discoveryHostLookup(`autoconfig.${domain}`)];
  },
};
