/** `--list-providers`: the bundled database, a provider a line, by id. */
import { compareText } from '../model/compare-text.ts';
import { hostPort } from '../model/endpoint.ts';
import { loadDirectory } from '../providers/directory.ts';
import type { Provider } from '../providers/provider.ts';
import { displayWidth, pad } from '../render/text/layout.ts';
import { tsvLine } from '../render/tsv.ts';
import { chosenFields } from './options/fields-option.ts';
import { formatOf } from './options/own-questions.ts';
import type { RawOptions } from './options/table.ts';

interface Column {
  readonly name: string;
  readonly path: string;
  value(provider: Provider): unknown;
  text(provider: Provider): string;
}

function column<V>(
  name: string,
  value: (provider: Provider) => V,
  text: (value: V) => string = String,
): Column {
  return { name, path: name, value, text: (provider) => text(value(provider)) };
}

const columns: readonly Column[] = [
  column('id', ({ id }) => id),
  column('name', ({ name }) => name),
  column('kind', ({ kind }) => kind),
  column(
    'family',
    ({ family }) => family,
    (family) => family ?? '',
  ),
  column('domains', ({ domains }) => domains.length),
  column(
    'servers',
    ({ servers }) => servers.map(({ host, port, encryption }) => ({ host, port, encryption })),
    (servers) => servers.map(({ host, port }) => hostPort(host, port)).join(','),
  ),
  column('confirmed', ({ confirmed }) => confirmed),
];

/** @throws SmtpFindError `bad-option` */
export async function* providerLines(raw: RawOptions): AsyncGenerator<string> {
  const format = formatOf('listProviders', raw, ['text', 'json', 'tsv']);
  const chosen = raw.fields ? chosenFields(raw.fields, columns) : columns;
  const directory = await loadDirectory();
  const providers = [...directory.all()].sort((a, b) => compareText(a.id, b.id));
  const ids = Math.max(...providers.map(({ id }) => id.length));
  const names = Math.max(...providers.map(({ name }) => displayWidth(name)));
  const isTable = raw.format === 'tsv';
  if (isTable) yield tsvLine(chosen.map(({ name }) => name));
  for (const provider of providers) {
    const { id, name, kind } = provider;
    switch (format) {
      case 'json':
        yield `${JSON.stringify(Object.fromEntries(chosen.map((one) => [one.name, one.value(provider)])))}\n`;
        break;
      case 'tsv':
        yield tsvLine(
          chosen.map((one) => one.text(provider)),
          { forSpreadsheet: isTable },
        );
        break;
      case 'text':
        yield `${pad(id, ids)}  ${pad(name, names)}  ${kind}\n`;
    }
  }
}
