/** Whether everything that can age is stated by somebody, and nothing else. */
import type { ProviderFile } from '../format.ts';
import { type Checks, endpointOf, ofEach } from './check.ts';

/** Notes that follow from the servers. */
const IMPLIED = ['plaintext-only', 'no-submission'];

export function factChecks(month: string): Checks {
  return {
    'somebody states everything that can age': ofEach((p) => {
      const stated = new Set(p.facts.flatMap(({ of }) => of));
      return aging(p)
        .filter((item) => !stated.has(item))
        .map(
          (item) =>
            `facts: nobody states ${item}: add { "source": "own", "of": ["${item}"], "from": "experience", "confirmed": "${month}" }, with the page's address in from if one says so`,
        );
    }),

    'only what is there is stated': ofEach((p) => {
      const there = [
        ...aging(p),
        ...p.servers.flatMap((server) => [endpointOf(server), server.host, 'servers']),
        ...(p.notes.length > 0 ? ['notes'] : []),
      ];
      return p.facts.flatMap(({ source, of }) =>
        of
          .filter((item) => !there.includes(item))
          .map(
            (item) =>
              `facts: a row of ${source} states ${item}, which is not in this file: take it out of the row's of, and remove a row that states nothing else`,
          ),
      );
    }),

    'a witness states a thing once': ofEach((p) => {
      const said = p.facts.flatMap(({ source, from, of }) =>
        of.map((item) => `${source}${from === undefined ? '' : ` (${from})`} states ${item}`),
      );
      return said
        .filter((statement, i) => said.indexOf(statement) < i)
        .map((statement) => `facts: ${statement} twice: keep it with the newer month`);
    }),

    'nothing was confirmed in the future': ofEach((p) =>
      p.facts
        .filter(({ confirmed }) => confirmed > month)
        .map(
          ({ source, confirmed }) =>
            `facts: ${source} confirmed something in ${confirmed}, which is to come: write the month in which you looked, such as ${month}`,
        ),
    ),
  };
}

/** The items of `of` that somebody has to state. */
function aging(p: ProviderFile): string[] {
  const hasAll = p.facts.some(({ of }) => of.includes('servers'));
  const items: [string, boolean][] = [
    ['domains', p.domains.length > 0],
    ['mx', p.mx.length > 0],
    ['records', (p.discovery ?? p.spf ?? p.dkim) !== undefined],
    ['notes', p.notes.some(({ code }) => !IMPLIED.includes(code)) || p.links !== undefined],
    ['documentation', p.documentation !== null],
    ['oauth', p.oauth !== null],
    ['ownDomains', p.ownDomains !== undefined],
  ];
  return [
    ...items.flatMap(([item, isThere]) => (isThere ? [item] : [])),
    ...(hasAll ? [] : p.servers.map(endpointOf)),
  ];
}
