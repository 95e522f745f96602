import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { renderJson } from '../../src/render/json.ts';
import type { Report } from '../../src/report/report.ts';
import { everyKind, explained, loggedIn, loginRefused, unverified, verified } from './samples.ts';

const schema: unknown = JSON.parse(
  readFileSync(new URL('../../data/report.schema.json', import.meta.url), 'utf8'),
);
const validate = new Ajv({ strict: true, strictTypes: false, strictRequired: false }).compile(
  schema as object,
);

function complaints(value: unknown): string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

function asJson(report: Report): unknown {
  return JSON.parse(renderJson(report));
}

/** Every path to a field of a report, as far as the sample holds it. */
function* fieldPaths(value: unknown, path: string[] = []): Generator<string[]> {
  if (Array.isArray(value)) {
    yield* fieldPaths(value[0], [...path, '0']);
  } else if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) {
      yield [...path, key];
      yield* fieldPaths(item, [...path, key]);
    }
  }
}

function without(value: unknown, [head, ...rest]: string[]): unknown {
  if (head === undefined) return value;
  if (Array.isArray(value)) return [without(value[0], rest), ...value.slice(1)];
  const copy = { ...(value as Record<string, unknown>) };
  if (rest.length === 0) delete copy[head];
  else copy[head] = without(copy[head], rest);
  return copy;
}

describe('the JSON Schema of a report', () => {
  it.each(Object.entries(everyKind))('accepts a report that is %s', (_, report) => {
    expect(complaints(asJson(report))).toEqual([]);
  });

  it('requires every field of the contract, at every depth', () => {
    const sample = asJson({ ...explained, login: loggedIn.login });
    const optional = ['because', 'probes'];
    const forgotten = [...fieldPaths(sample)]
      .filter((path) => !optional.includes(path.join('.')))
      .filter((path) => complaints(without(sample, path)).length === 0)
      .map((path) => path.join('.'));
    expect(forgotten).toEqual([]);
  });

  it('has a list of other ports, which may be empty', () => {
    const offered = { host: 'smtp.example.com', port: 587, encryption: 'starttls' };
    expect(complaints({ ...verified, alsoOffered: [] })).toEqual([]);
    expect(complaints({ ...verified, alsoOffered: [offered] })).toEqual([]);
    expect(complaints({ ...verified, alsoOffered: [{ ...offered, port: 0 }] })).not.toEqual([]);
    expect(complaints(without(asJson(verified), ['alsoOffered']))).not.toEqual([]);
  });

  it('knows what stands there only now and then', () => {
    const warning = { code: 'null-mx', message: 'None.', reference: 'RFC 7505' };
    expect(complaints({ ...verified, warnings: [warning] })).toEqual([]);
    expect(complaints({ ...verified, warnings: [{ ...warning, reference: 1 }] })).not.toEqual([]);
  });

  it('lets fields be added everywhere', () => {
    const settings = { ...verified.settings, later: 1 };
    expect(complaints({ ...verified, settings, later: { any: 'thing' } })).toEqual([]);
  });

  it.each([
    ['verified without settings', { ...verified, settings: null }],
    [
      'verified over plaintext',
      { ...verified, settings: { ...verified.settings, encryption: 'none' } },
    ],
    [
      'verified, although its settings say otherwise',
      { ...verified, settings: { ...verified.settings, verified: false } },
    ],
    ['not found, with settings', { ...verified, status: 'not-found' }],
    ['unverified, although its settings say verified', { ...verified, status: 'unverified' }],
    ['an error without a reason', { ...everyKind.error, warnings: [] }],
    [
      'logged in without a mechanism',
      { ...loggedIn, login: { ...loggedIn.login, mechanism: null } },
    ],
    [
      'sure of the sender although the login was refused',
      { ...loginRefused, login: { ...loginRefused.login, maySendAs: true } },
    ],
    ['logged in, somehow', { ...loggedIn, login: { ...loggedIn.login, outcome: 'somehow' } }],
    ['of another version', { ...verified, version: 2 }],
    ['with port 0', { ...unverified, settings: { ...unverified.settings, port: 0 } }],
  ])('refuses a report that is %s', (_, report) => {
    expect(complaints(report)).not.toEqual([]);
  });
});

describe('renderJson', () => {
  it('gives one line, unless asked for more', () => {
    expect(renderJson(explained).trimEnd()).not.toContain('\n');
    expect(renderJson(explained).endsWith('}\n')).toBe(true);
    expect(JSON.parse(renderJson(explained, { pretty: true }))).toEqual(explained);
    expect(renderJson(explained, { pretty: true })).toContain('\n  "version": 1,\n');
  });

  it('colours keys, strings, numbers and null each in its way, and nothing else differs', () => {
    const hard = { ...verified, query: 'a "b": 1, null, \\' };
    for (const report of [...Object.values(everyKind), hard]) {
      const colored = renderJson(report, { pretty: true, color: true });
      expect(stripVTControlCharacters(colored)).toBe(renderJson(report, { pretty: true }));
    }
    const colored = renderJson(hard, { pretty: true, color: true });
    const codeOf = (text: string): string | undefined =>
      colored.split(text)[0]?.match(/\u001b\[([\d;]+)m$/)?.[1];
    const codes = ['"version"', '"verified",', '465', 'null'].map((text) =>
      codeOf(text.replace(',', '')),
    );
    expect(new Set(codes).size).toBe(4);
    // What only looks like a token is part of its string.
    expect(colored).toContain(`m${JSON.stringify(hard.query)}\u001b[0m`);
  });
});
