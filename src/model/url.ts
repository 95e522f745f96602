/** URLs: taken apart, and shown without what is secret in them. */

/**
 * A URL taken apart, or null when it is none. `URL.canParse` would be shorter, but on Node 20 and 22
 * it denies every URL with a letter beyond ASCII once V8 has optimised its caller, some 1500 calls
 * on. Node 24 does not.
 */
export function parseUrl(text: string, base?: string): URL | null {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}

/** As NFKC has it, a full-width @ is one too. */
const CREDENTIALS = /^((?:[a-z][a-z0-9+.-]*:\/\/)?).*[@\ufe6b\uff20]/is;

/**
 * For messages. Whatever stands before the last @ may be part of a password, also where the text is
 * only nearly a URL.
 */
export function withoutCredentials(text: string): string {
  return text.replace(CREDENTIALS, '$1***@');
}

/** A web address that anybody may see: what is asked there is shown with it. */
export function isPublicWebUrl(text: string): boolean {
  const url = parseUrl(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username + url.password === '';
}
