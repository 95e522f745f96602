/** Whose mailboxes a domain's own SPF and DKIM records name. */
import type { ProviderDirectory } from './directory.ts';
import type { Provider } from './provider.ts';

export interface MailRecords {
  /** Domains that the SPF record names by `include:` and `redirect=`. */
  readonly spf: readonly string[];
  /** What there is at the selectors that the directory knows. */
  readonly dkim: readonly DkimAnswer[];
}

export interface DkimAnswer {
  readonly selector: string;
  /** The first name that `<selector>._domainkey.D` is a CNAME to, if it is one. */
  readonly target: string | null;
  /** The TXT record there, if it has one. */
  readonly text: string | null;
}

/**
 * The providers named, in no order; none, one or several. A record that leaves open which region's
 * provider it means adds nothing where another names one of them.
 */
export function providersNamed(directory: ProviderDirectory, records: MailRecords): Provider[] {
  const named = [
    ...records.spf.map((domain) => directory.bySpf(domain)),
    ...records.dkim
      .filter(({ target, text }) => target !== null || holdsKey(text))
      .map(({ selector, target }) => directory.byDkim(selector, target)),
  ];
  const certain = new Set(named.filter((providers) => providers.length === 1).flat());
  const open = named.filter((providers) => !providers.some((one) => certain.has(one)));
  return [...new Set([...certain, ...common(open)])];
}

/** What is left when records that leave several open are held against each other. */
function common(open: readonly (readonly Provider[])[]): readonly Provider[] {
  const shared = open
    .slice(1)
    .reduce<readonly Provider[]>(
      (left, providers) => left.filter((one) => providers.includes(one)),
      open[0] ?? [],
    );
  return shared.length > 0 ? shared : open.flat();
}

/** An empty `p=` is a key that was withdrawn (RFC 6376 §3.6.1). */
function holdsKey(text: string | null): boolean {
  return text !== null && /(?:^|;)\s*p\s*=\s*[^;\s]/.test(text);
}
