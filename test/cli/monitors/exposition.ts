/** Prometheus' text format, read as strictly as its documentation has it (version 0.0.4). */

export interface Family {
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const TYPES = ['counter', 'gauge', 'histogram', 'summary', 'untyped'];
const LABEL = /^([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\"n])*)"(,|$)/;

/** @throws Error for whatever the format does not allow */
export function readExposition(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const families = new Map<string, { type: string; help: string; samples: Sample[] }>();
  let current = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line);
    if (comment) {
      const [, kind, name = '', words = ''] = comment;
      if (!NAME.test(name)) throw new Error(`no name: ${line}`);
      if (kind === 'HELP') {
        if (families.has(name)) throw new Error(`a family twice: ${line}`);
        families.set(name, { type: '', help: words, samples: [] });
        current = name;
      } else {
        const family = families.get(name);
        if (name !== current || !family || family.type || family.samples.length > 0) {
          throw new Error(`a type out of place: ${line}`);
        }
        if (!TYPES.includes(words)) throw new Error(`no type: ${line}`);
        family.type = words;
      }
      continue;
    }
    const [, name = '', labels = '', value = ''] = /^([^{ ]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    const family = families.get(name);
    if (name !== current || !family?.type) throw new Error(`a sample out of place: ${line}`);
    if (!/^[-+]?(?:\d+(?:\.\d+)?(?:e[-+]?\d+)?|Inf|NaN)$/i.test(value)) {
      throw new Error(`no number: ${line}`);
    }
    const sample = { labels: readLabels(labels, line), value: Number(value) };
    const key = JSON.stringify(Object.entries(sample.labels).sort());
    if (
      family.samples.some((other) => JSON.stringify(Object.entries(other.labels).sort()) === key)
    ) {
      throw new Error(`a series twice: ${line}`);
    }
    family.samples.push(sample);
  }
  return families;
}

function readLabels(text: string, line: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (let rest = text; rest !== ''; ) {
    const [all = '', name = '', value = ''] = LABEL.exec(rest) ?? [];
    if (all === '' || name.startsWith('__') || name in labels) throw new Error(`labels: ${line}`);
    labels[name] = value.replace(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign));
    rest = rest.slice(all.length);
  }
  return labels;
}
