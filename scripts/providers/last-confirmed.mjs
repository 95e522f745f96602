// When a provider's settings were last confirmed: by somebody who states its first server, or by a
// probe of ours. Plain JavaScript, since the compiler needs it where nothing is installed.

/**
 * Lists that nobody looks after and that date no entry: the date of such a list says little of an
 * entry, so it counts only where nobody else speaks.
 */
const UNDATED = new Set(['edison-mailcore2', 'mutt-wizard', 'mailspring', 'close-sync-engine']);

/** Whether a fact states servers, all or one: a host alone is not enough to send through. */
export function statesServers({ of }) {
  return of.some((item) => item === 'servers' || item.includes(':'));
}

/**
 * YYYY-MM. The first server is the one that people get, so a fact about another host renews
 * nothing. Of a provider without servers: by whoever states its notes, else anything.
 * @param probed what `npm run data:probe` saw, by `host:port/encryption`, of hosts that are one
 * provider's alone: that another's server is up proves nothing about this one's domains
 */
export function lastConfirmed(provider, probed) {
  const { servers, domains } = provider;
  const [first] = servers;
  const stating = stated(provider, first);
  const verified = servers
    .filter(({ host }) => host === first?.host)
    .map(({ host, port, encryption }) => {
      const filled = host.replaceAll('%EMAILDOMAIN%', domains[0] ?? '');
      const seen = probed[`${filled}:${port}/${encryption}`];
      const day = seen?.outcome === 'verified' ? seen.date : seen?.lastVerified;
      return day?.slice(0, 7) ?? '';
    });
  return newestOf([...stating.map((fact) => fact.confirmed), ...verified]);
}

function stated({ facts }, first) {
  const about = first
    ? facts.filter(({ of }) =>
        of.some((item) => item === 'servers' || item.startsWith(`${first.host}:`)),
      )
    : facts.filter(({ of }) => of.includes('notes'));
  const dated = about.filter(({ source }) => !UNDATED.has(source));
  return [dated, about, facts].find((some) => some.length > 0) ?? [];
}

export function newestOf(months) {
  return months.reduce((a, b) => (a > b ? a : b), '');
}

/** Without the servers whose host several providers name. */
export function ownServersOf(probed, providers) {
  const owners = new Map();
  for (const { id, servers } of providers) {
    for (const { host } of servers) owners.set(host, (owners.get(host) ?? new Set()).add(id));
  }
  return Object.fromEntries(
    Object.entries(probed).filter(([key]) => (owners.get(hostOf(key))?.size ?? 0) <= 1),
  );
}

function hostOf(key) {
  return key.slice(0, key.lastIndexOf(':'));
}
