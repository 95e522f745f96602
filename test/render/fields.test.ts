import { describe, expect, it } from 'vitest';
import { fieldNames } from '../../src/cli/options/table.ts';
import { fieldNamed, fields } from '../../src/render/fields.ts';
import { renderTsv, tsvHeader, usualFields } from '../../src/render/tsv.ts';
import type { Report } from '../../src/report/report.ts';
import { badInput, everyKind, notFound, verified } from './samples.ts';

/** What stands at a path of the JSON. */
function at(report: Report, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | null)?.[key], report);
}

function cells(report: Report, forSpreadsheet = true): Record<string, string> {
  const line = renderTsv(report, usualFields, { forSpreadsheet });
  const values = line.slice(0, -1).split('\t');
  return Object.fromEntries(usualFields.map(({ name }, i) => [name, values[i] ?? '?']));
}

describe('the fields', () => {
  it('are known to the command by the same names', () => {
    expect(fieldNames).toEqual(fields.map(({ name }) => name));
    expect(new Set(fields.flatMap(({ name, path }) => [...new Set([name, path])])).size).toBe(
      fields.reduce((sum, { name, path }) => sum + (name === path ? 1 : 2), 0),
    );
  });

  it.each(Object.entries(everyKind))('have the values of their paths: %s', (_, report) => {
    for (const { path, value } of fields) expect(value(report)).toEqual(at(report, path) ?? null);
  });

  it('go by their short name or their path, in any case', () => {
    for (const { name, path } of fields) {
      expect(fieldNamed(name, fields)?.name).toBe(name);
      expect(fieldNamed(path.toUpperCase(), fields)?.name).toBe(name);
    }
    expect(fieldNamed('constructor', fields)).toBeNull();
  });
});

describe('TSV', () => {
  it('has a column for each, whatever was found', () => {
    const columns = tsvHeader(usualFields).trimEnd().split('\t');
    for (const report of Object.values(everyKind)) {
      const line = renderTsv(report, usualFields, { forSpreadsheet: true });
      expect(line.endsWith('\n')).toBe(true);
      expect(line.slice(0, -1).split('\t')).toHaveLength(columns.length);
    }
  });

  it('names lists by what is stable in them', () => {
    expect(cells(verified)).toMatchObject({
      query: 'you@example.com',
      status: 'verified',
      port: '465',
      auth: 'PLAIN,LOGIN,XOAUTH2',
      provider: 'example',
      complete: 'true',
      warnings: '',
      checks: '',
    });
    const checks = [
      { condition: 'tls', ok: true, found: 'tls' },
      { condition: 'port=25', ok: false, found: '465' },
    ];
    expect(cells({ ...verified, checks }).checks).toBe('port=25');
    expect(cells(everyKind.unverified ?? verified).warnings).toBe(
      'plaintext,assumed-username,incomplete',
    );
  });

  it('leaves empty what is not there', () => {
    expect(cells(notFound)).toMatchObject({ host: '', port: '', auth: '', provider: '' });
    expect(cells(badInput)).toMatchObject({ status: 'error', domain: '', warnings: 'bad-input' });
  });

  it('stays one line of the same columns, whatever strangers publish', () => {
    const username = 'you\tand\r\n\u001b[31mme\u2028\u0000';
    const settings = { ...verified.settings, username };
    const line = renderTsv({ ...verified, settings }, usualFields, { forSpreadsheet: false });
    expect(line.split('\t')).toHaveLength(usualFields.length);
    expect(line.split(/[\r\n\u2028]/)).toHaveLength(2);
    expect(cells({ ...verified, settings }).username).toBe('you and me');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '"=1+1"', '＝1'])(
    'does not let a spreadsheet calculate %j; a shell gets it as it is',
    (username) => {
      const report = { ...verified, settings: { ...verified.settings, username } };
      expect(cells(report).username).toBe(`'${username.trim()}`);
      expect(cells(report, false).username).toBe(username.trim());
    },
  );
});
