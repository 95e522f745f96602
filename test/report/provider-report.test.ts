/** What the bundled database says of a provider that the user named, with the real database. */
import { beforeAll, describe, expect, it } from 'vitest';
import { SmtpFindError } from '../../src/model/errors.ts';
import { parseQuery } from '../../src/model/query.ts';
import { loadDirectory, type ProviderDirectory } from '../../src/providers/directory.ts';
import { providerReport } from '../../src/report/provider-report.ts';
import type { Report } from '../../src/report/report.ts';

let directory: ProviderDirectory;

beforeAll(async () => {
  directory = await loadDirectory();
});

function report(name: string, input?: string): Report {
  return providerReport(directory, name, input === undefined ? null : parseQuery(input));
}

function failure(name: string, input?: string): SmtpFindError {
  try {
    report(name, input);
  } catch (error) {
    if (error instanceof SmtpFindError) return error;
    throw error;
  }
  throw new Error(`${name} is found`);
}

describe('a name that means', () => {
  it('several regions is an error that lists those that have a server', () => {
    const error = failure('Amazon SES');
    expect(error.code).toBe('ambiguous-provider');
    expect(error.suggestions).toContain('ses-us-east-1');
    expect(error.suggestions).not.toContain('ses-me-south-1');
    expect(error.message).toContain(error.suggestions.join(', '));
    expect(error.message).toContain('Amazon SES');
  });

  it('several services is an error, too', () => {
    const error = failure('amazon');
    expect(error.code).toBe('ambiguous-provider');
    expect(error.suggestions).toContain('amazon-workmail-us-east-1');
    expect(error.suggestions).toContain('ses-us-east-1');
  });

  it('nobody comes with what is close to it', () => {
    expect(failure('gmial')).toMatchObject({ code: 'unknown-provider' });
    expect(failure('gmial').suggestions[0]).toBe('gmail');
    expect(failure('qqqqqqqqqqqqqqqq').suggestions).toEqual([]);
  });

  it('nobody is shown without what a terminal obeys', () => {
    expect(failure('\u001b[31mred').message).not.toContain('\u001b');
  });
});
