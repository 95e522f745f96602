/**
 * The sources of clientConfig documents by domain: Autoconfig at the domain itself
 * (draft-ietf-mailmaint-autoconfig), over HTTPS or plain HTTP, and Thunderbird's online database.
 */
import { inRegistrableDomain } from '../model/public-suffix.ts';
import { discoveryHostLookup } from './discovery-host.ts';
import { clientConfigLookup, withAddress } from './documents/client-config.ts';
import { standInFor } from './documents/stand-in.ts';
import type { Source } from './source.ts';

export const DEFAULT_ISPDB = 'https://autoconfig.thunderbird.net/v1.1/';

export const autoconfig: Source = {
  name: 'autoconfig',
  over: 'http',
  lookups({ domain, kind }, { query, sendAddress }) {
    const own = kind === 'self';
    const documents = autoconfigUrls('https', domain).map((url) => {
      // Below a public suffix, `autoconfig.` may be a stranger's.
      const mayKnow = kind !== 'mx' && inRegistrableDomain(new URL(url).hostname, query.domain);
      if (own && mayKnow && sendAddress && query.email !== null) {
        return clientConfigLookup(withAddress(url, query.email));
      }
      return clientConfigLookup(url, {
        standIn: mayKnow ? standInFor(domain) : null,
        hint: own && mayKnow && !sendAddress,
      });
    });
    // Whose discovery host a mail exchanger's domain has says nothing of its customers.
    return kind === 'mx' ? documents : [...documents, discoveryHostLookup(`autoconfig.${domain}`)];
  },
};

/** Many old deployments have plain HTTP alone. The address is never sent to them. */
export const autoconfigHttp: Source = {
  name: 'autoconfig-http',
  over: 'http',
  lookups: ({ domain }) => autoconfigUrls('http', domain).map((url) => clientConfigLookup(url)),
};

/** The online database, by exact domain; `--ispdb` names another one of its kind. */
export const ispdb: Source = {
  name: 'ispdb',
  over: 'http',
  lookups: ({ domain }, context) => [clientConfigLookup(ispdbUrl(context.ispdbUrl, domain))],
};

/** The two places that the draft names, best first. */
export function autoconfigUrls(scheme: 'https' | 'http', domain: string): readonly string[] {
  return [
    `${scheme}://autoconfig.${domain}/mail/config-v1.1.xml`,
    `${scheme}://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`,
  ];
}

/** @param base with or without a slash at the end; one that ends in `=` is a query */
export function ispdbUrl(base: string, domain: string): string {
  return /[/=]$/.test(base) ? base + domain : `${base}/${domain}`;
}
