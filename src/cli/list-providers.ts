/** `--list-providers`: the bundled database, a provider a line, by id. */
import { compareText } from '../model/compare-text.ts';
import { loadDirectory } from '../providers/directory.ts';
import type { Provider } from '../providers/provider.ts';
import { displayWidth, pad } from '../render/text/layout.ts';
import type { ListFormat } from './options/list-options.ts';

export async function* providerLines(format: ListFormat): AsyncGenerator<string> {
  const directory = await loadDirectory();
  const providers = [...directory.all()].sort((a, b) => compareText(a.id, b.id));
  const ids = Math.max(...providers.map(({ id }) => id.length));
  const names = Math.max(...providers.map(({ name }) => displayWidth(name)));
  for (const provider of providers) {
    const { id, name, kind } = provider;
    yield format === 'json'
      ? `${JSON.stringify(facts(provider))}\n`
      : `${pad(id, ids)}  ${pad(name, names)}  ${kind}\n`;
  }
}

function facts({ id, name, kind, family, domains, servers, confirmed }: Provider): object {
  return {
    id,
    name,
    kind,
    family,
    domains: domains.length,
    servers: servers.map(({ host, port, encryption }) => ({ host, port, encryption })),
    confirmed,
  };
}
