/** Whether two entries of the database are one service, as far as a domain's mail goes. */
import type { ProviderDirectory } from './directory.ts';

/** The mail of `id` is handled by `mailHost`: it is the same, is known to use it, or shares its servers. */
export function sameService(directory: ProviderDirectory, id: string, mailHost: string): boolean {
  if (id === mailHost) return true;
  const listed = directory.byId(id);
  if (listed?.hostedBy.includes(mailHost)) return true;
  const hosts = new Set(listed?.servers.map(({ host }) => host));
  return directory.byId(mailHost)?.servers.some(({ host }) => hosts.has(host)) ?? false;
}
