/**
 * User-name templates: the placeholders of the clientConfig format (draft-ietf-mailmaint-autoconfig),
 * written, recognised and filled in here and nowhere else.
 */

export const ADDRESS = '%EMAILADDRESS%';
export const LOCAL_PART = '%EMAILLOCALPART%';
export const DOMAIN = '%EMAILDOMAIN%';

/** The full address is the usual user name, and the first to try (RFC 6186 §4). */
export const ASSUMED_USERNAME: typeof ADDRESS = ADDRESS;

/** Stands for a user name that the provider hands out, which the address does not tell. */
export const HANDED_OUT = '%USERNAME%';

const PLACEHOLDER = /%EMAIL(ADDRESS|LOCALPART|DOMAIN)%/gi;

/** What takes the places; what is null stays a placeholder, in upper case. */
export interface Fillings {
  readonly email?: string | null;
  readonly localPart?: string | null;
  readonly domain?: string | null;
}

export function fillUsername(template: string, fillings: Fillings): string {
  const { email, localPart, domain } = fillings;
  return template.replace(PLACEHOLDER, (placeholder, what: string) => {
    switch (what.toUpperCase()) {
      case 'ADDRESS':
        return email ?? ADDRESS;
      case 'LOCALPART':
        return localPart ?? LOCAL_PART;
      case 'DOMAIN':
        return domain ?? DOMAIN;
      default:
        return placeholder;
    }
  });
}

/** For host names and display names, in which nothing but the domain may take a place. */
export function fillDomain(text: string, domain: string): string {
  return fillUsername(text, { domain });
}

/** The template with its placeholders in upper case. */
export function normaliseTemplate(template: string): string {
  return fillUsername(template, {});
}

/** What stands beside the known placeholders. */
export function withoutPlaceholders(template: string): string {
  return template.replace(PLACEHOLDER, '');
}

/** Whether a placeholder is left: one that only an address could fill, or only the provider. */
export function isIncomplete(username: string): boolean {
  return [ADDRESS, LOCAL_PART, HANDED_OUT].some((placeholder) => username.includes(placeholder));
}

/** The template that a user name for this address is an instance of: the address, its local part, or itself. */
export function templateOf(username: string, email: string): string {
  if (username.toLowerCase() === email.toLowerCase()) return ADDRESS;
  return username === localPartOf(email) ? LOCAL_PART : username;
}

export function localPartOf(email: string): string {
  return email.slice(0, email.lastIndexOf('@'));
}
