// When a provider's settings were last confirmed: by somebody who states its servers, or by a probe
// of ours. Plain JavaScript, since the compiler needs it where nothing is installed.

/** Whether a fact states servers, all or one: a host alone is not enough to send through. */
export function statesServers({ of }) {
  return of.some((item) => item === 'servers' || item.includes(':'));
}

/**
 * YYYY-MM. Of a provider without servers: by whatever states that there are none.
 * @param probed what `npm run data:probe` saw, by `host:port/encryption`
 */
export function lastConfirmed({ servers, domains, facts }, probed) {
  const stating = facts.filter((fact) => servers.length === 0 || statesServers(fact));
  const verified = servers.map(({ host, port, encryption }) => {
    const filled = host.replaceAll('%EMAILDOMAIN%', domains[0] ?? '');
    const seen = probed[`${filled}:${port}/${encryption}`];
    const day = seen?.outcome === 'verified' ? seen.date : seen?.lastVerified;
    return day?.slice(0, 7) ?? '';
  });
  return newestOf([...stating.map((fact) => fact.confirmed), ...verified]);
}

export function newestOf(months) {
  return months.reduce((a, b) => (a > b ? a : b), '');
}
