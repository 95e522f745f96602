/** What the bundled database says of a provider that the user named, with the real database. */
import { beforeAll, describe, expect, it } from 'vitest';
import { readOurFiles } from '../../scripts/providers/ours.ts';
import { SmtpFindError } from '../../src/model/errors.ts';
import { parseQuery } from '../../src/model/query.ts';
import { loadDirectory, type ProviderDirectory } from '../../src/providers/directory.ts';
import { renderJson } from '../../src/render/json.ts';
import { renderText } from '../../src/render/text/text.ts';
import { providerReport } from '../../src/report/provider-report.ts';
import type { Report } from '../../src/report/report.ts';
import { NOW } from '../render/samples.ts';

const providers = readOurFiles().map(({ provider }) => provider);

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

/** All that a user may see of it. */
function shown(name: string, input?: string): string {
  try {
    const found = report(name, input);
    return (
      renderJson(found) +
      renderText(found, {
        width: 80,
        color: false,
        unicode: true,
        now: NOW,
      })
    );
  } catch (error) {
    if (error instanceof SmtpFindError) return error.message;
    throw error;
  }
}

describe('the settings of a provider that the user named', () => {
  it('are given, not found', () => {
    const { settings, provider, domain } = report('Office 365', 'you@example.com');
    expect(provider?.id).toBe('microsoft-365');
    expect(settings?.evidence).toEqual([
      {
        source: 'given',
        subject: 'example.com',
        trust: 'secure',
        from: 'bundled database, microsoft-365',
      },
    ]);
    expect(domain).toBe('example.com');
    expect(report('gmail').settings?.evidence[0]?.subject).toBe('gmail');
    expect(shown('gmail')).toContain('the provider that you named');
  });

  it('are filled in with the address or the domain', () => {
    expect(report('bluehost', 'you@example.com').settings?.host).toBe('mail.example.com');
    expect(report('bluehost', 'example.com').settings?.host).toBe('mail.example.com');
    expect(report('inbox.lv', 'you@inbox.eu').settings?.host).toBe('mail.inbox.eu');
    expect(report('iij4u', 'you@bc.iij4u.or.jp').settings?.username).toBe('you.bc.iij4u.or.jp');
  });

  it('say how to sign in with an address in a domain of one’s own', () => {
    const own = report('icloud', 'you@example.com');
    expect(own.settings?.username).toBe('%USERNAME%');
    expect(own.warnings.map(({ code }) => code)).toContain('sign-in-name');
    expect(report('icloud', 'you@icloud.com').settings?.username).toBe('you@icloud.com');
  });

  it.each(['bluehost', 'inbox.lv', 'iij4u'])('need a domain where %s needs one', (name) => {
    expect(failure(name)).toMatchObject({ code: 'bad-input', suggestions: [] });
  });

  it('need none where none is to be had anyway', () => {
    expect(report('hey').status).toBe('not-found');
    expect(report('hostgator').status).toBe('not-found');
  });

  it.each([undefined, 'example.com', 'you@example.com'])(
    'never hold a placeholder of the domain, with %s',
    (input) => {
      for (const { id } of providers) expect(shown(id, input), id).not.toMatch(/%EMAILDOMAIN%/i);
    },
  );
});

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
