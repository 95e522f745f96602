// When a provider's settings were last confirmed: by somebody who states its servers, or by a probe
// of ours. Plain JavaScript, since the compiler needs it where nothing is installed.

/** Whether a fact states servers, all or one: a host alone is not enough to send through. */
export function statesServers({ of }) {
  return of.some((item) => item === 'servers' || item.includes(':'));
}

/** YYYY-MM. Of a provider without servers: by whatever states that there are none. */
export function lastConfirmed({ servers, facts }, probed) {
  const stating = facts.filter((fact) => servers.length === 0 || statesServers(fact));
  const seen = servers.map(({ host, port }) => probed[`${host}:${port}`]?.lastVerified ?? '');
  return newest([...stating.map((fact) => fact.confirmed), ...seen.map((day) => day.slice(0, 7))]);
}

function newest(months) {
  return months.reduce((a, b) => (a > b ? a : b), '');
}
