/** The import graph is what the design draws: arrows point one way, and there is no cycle. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const src = fileURLToPath(new URL('../src', import.meta.url));

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replaceAll('\\', '/'));

/** Type-only imports count: they, too, say who knows whom. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(src, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, target = '']) =>
    normalize(relative(src, join(src, dirname(file), target))).replaceAll('\\', '/'),
  );
}

const graph = new Map(files.map((file) => [file, importsOf(file)]));

/** Compiled from data/providers, whose texts may say anything. */
const generated = /^providers\/compiled/;

/** A folder of `src/`, or the library's entry. */
const placeOf = (file: string): string => file.split('/')[0]?.replace(/\.ts$/, '') ?? file;

/** Each folder, and what it may know. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  model: [],
  net: ['model'],
  smtp: ['net', 'model'],
  sasl: [],
  probe: ['smtp', 'sasl', 'net', 'model'],
  login: ['probe', 'sasl', 'smtp', 'net', 'model'],
  providers: ['model'],
  sources: ['providers', 'sasl', 'net', 'model'],
  engine: ['sources', 'providers', 'probe', 'net', 'model'],
  report: ['engine', 'login', 'sasl', 'probe', 'providers', 'net', 'model'],
  render: ['report', 'sasl', 'model'],
  api: ['report', 'engine', 'login', 'probe', 'sources', 'providers', 'net', 'model'],
  index: ['api', 'report', 'engine', 'model'],
  cli: ['render', 'api', 'report', 'engine', 'providers', 'model'],
};

describe('the import graph', () => {
  it.each(Object.entries(arrows))('%s knows only what it may', (place, allowed) => {
    for (const [file, targets] of graph) {
      if (placeOf(file) !== place) continue;
      for (const target of targets) {
        const other = placeOf(target);
        if (other !== place) expect(allowed, `${file} imports ${target}`).toContain(other);
      }
    }
  });

  it('is drawn whole', () => {
    expect([...new Set(files.map(placeOf))].sort()).toEqual(Object.keys(arrows).sort());
  });

  it('has no source that imports another', () => {
    const isSource = (file: string): boolean =>
      /export const \w+: Source\b/.test(readFileSync(join(src, file), 'utf8'));
    for (const [file, targets] of graph) {
      if (placeOf(file) !== 'sources' || file === 'sources/order.ts') continue;
      for (const target of targets.filter((t) => files.includes(t))) {
        expect(isSource(target), `${file} imports ${target}`).toBe(false);
      }
    }
  });

  it('has nobody but the command line print, exit, or know a terminal', () => {
    for (const file of files) {
      if (placeOf(file) === 'cli' || generated.test(file)) continue;
      const text = readFileSync(join(src, file), 'utf8');
      expect(text, file).not.toMatch(
        /process\.(exit|stdout|stderr|stdin|argv)|console\.|from 'ora'/,
      );
    }
  });

  it('has nobody but net open a connection', () => {
    // To tell an address from a name opens none; nor does a type.
    const opening =
      /^import (?!type )(?!\{ (?:isIP\w*(?:, )?)+ \} from 'node:net').* from 'node:(?:net|tls|dns|dgram|http2?|https)\b/m;
    for (const file of files) {
      if (placeOf(file) === 'net') continue;
      expect(readFileSync(join(src, file), 'utf8'), file).not.toMatch(opening);
    }
  });

  it('imports only files that exist', () => {
    for (const [file, targets] of graph) {
      for (const target of targets) {
        if (!generated.test(target)) expect(files, `${file} imports ${target}`).toContain(target);
      }
    }
  });

  it('has no cycle', () => {
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      expect(path, `cycle: ${[...path, file].join(' → ')}`).not.toContain(file);
      if (done.has(file)) return;
      for (const target of graph.get(file) ?? []) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
  });
});
