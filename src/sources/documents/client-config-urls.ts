/** Where clientConfig documents are published (draft-ietf-mailmaint-autoconfig). */

/** Best first. */
export function autoconfigUrls(scheme: 'https' | 'http', domain: string): readonly string[] {
  return [
    `${scheme}://autoconfig.${domain}/mail/config-v1.1.xml`,
    `${scheme}://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`,
  ];
}

/**
 * The URL that tells the server the address, for settings that differ between users. Everything
 * but letters, digits, `-`, `.`, `_` and `~` is escaped: some servers take `+` for a space, and
 * some take `%2E` for something else than a dot.
 */
export function withAddress(url: string, email: string): string {
  const escaped = encodeURIComponent(email).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${url}?emailaddress=${escaped}`;
}

export function withoutAddress(url: string): string {
  return url.replace(/\?emailaddress=.*$/, '');
}

/** @param base with or without a slash at the end; one that ends in `=` is a query */
export function ispdbUrl(base: string, domain: string): string {
  return /[/=]$/.test(base) ? base + domain : `${base}/${domain}`;
}
