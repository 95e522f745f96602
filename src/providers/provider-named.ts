/** The provider that a name means, or an error that says who may have been meant. */
import { SmtpFindError } from '../model/errors.ts';
import { printable } from '../model/printable.ts';
import type { ProviderDirectory } from './directory.ts';
import type { Provider } from './provider.ts';

/** @throws SmtpFindError `unknown-provider` or `ambiguous-provider`, with suggestions */
export function providerNamed(directory: ProviderDirectory, name: string): Provider {
  const [provider, ...others] = directory.byName(name);
  if (provider === undefined) throw unknown(name, directory.suggestions(name));
  if (others.length > 0) throw ambiguous(name, [provider, ...others]);
  return provider;
}

function unknown(name: string, suggestions: readonly string[]): SmtpFindError {
  const hint =
    suggestions.length > 0
      ? `; did you mean ${suggestions.join(', ')}?`
      : ': expected an id, a name, a domain or a server, like gmail or sendgrid';
  return new SmtpFindError(
    'unknown-provider',
    `the database has no provider "${printable(name, 60)}"${hint}`,
    { suggestions },
  );
}

function ambiguous(name: string, providers: readonly Provider[]): SmtpFindError {
  const usable = providers.filter(({ servers }) => servers.length > 0);
  const suggestions = (usable.length > 0 ? usable : providers).map(({ id }) => id);
  const [family, ...others] = new Set(providers.map((provider) => provider.family));
  const why =
    family && others.length === 0
      ? `${family} has a server for each region`
      : `"${printable(name, 60)}" may be any of several providers`;
  return new SmtpFindError(
    'ambiguous-provider',
    `${why}: expected one of ${suggestions.join(', ')}`,
    { suggestions },
  );
}
