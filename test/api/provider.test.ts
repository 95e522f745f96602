/** What the bundled database says of a provider that the user named, with the real database. */
import { afterAll, describe, expect, it } from 'vitest';
import { readOurFiles } from '../../scripts/providers/ours.ts';
import { createSession } from '../../src/api/session.ts';
import { SmtpFindError } from '../../src/model/errors.ts';
import { renderJson } from '../../src/render/json.ts';
import { renderText } from '../../src/render/text/text.ts';
import type { Report } from '../../src/report/report.ts';
import { NOW } from '../render/samples.ts';

const providers = readOurFiles().map(({ provider }) => provider);

const session = await createSession();

afterAll(() => session.close());

function report(name: string, input?: string): Promise<Report> {
  return session.provider(name, input);
}

async function failure(name: string, input?: string): Promise<SmtpFindError> {
  try {
    await report(name, input);
  } catch (error) {
    if (error instanceof SmtpFindError) return error;
    throw error;
  }
  throw new Error(`${name} is found`);
}

/** All that a user may see of it. */
async function shown(name: string, input?: string): Promise<string> {
  try {
    const found = await report(name, input);
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
  it('are given, not found', async () => {
    const { settings, provider, domain } = await report('Office 365', 'you@example.com');
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
    expect((await report('gmail')).settings?.evidence[0]?.subject).toBe('gmail');
    expect(await shown('gmail')).toContain('the provider that you named');
  });

  it('are filled in with the address or the domain', async () => {
    expect((await report('bluehost', 'you@example.com')).settings?.host).toBe('mail.example.com');
    expect((await report('bluehost', 'example.com')).settings?.host).toBe('mail.example.com');
    expect((await report('inbox.lv', 'you@inbox.eu')).settings?.host).toBe('mail.inbox.eu');
    expect((await report('iij4u', 'you@bc.iij4u.or.jp')).settings?.username).toBe(
      'you.bc.iij4u.or.jp',
    );
  });

  it('say how to sign in with an address in a domain of one’s own', async () => {
    const own = await report('icloud', 'you@example.com');
    expect(own.settings?.username).toBe('%USERNAME%');
    expect(own.warnings.map(({ code }) => code)).toContain('sign-in-name');
    expect((await report('icloud', 'you@icloud.com')).settings?.username).toBe('you@icloud.com');
  });

  it.each(['bluehost', 'inbox.lv', 'iij4u'])('need a domain where %s needs one', async (name) => {
    expect(await failure(name)).toMatchObject({ code: 'bad-input', suggestions: [] });
  });

  it('need none where none is to be had anyway', async () => {
    expect((await report('hey')).status).toBe('not-found');
    expect((await report('hostgator')).status).toBe('not-found');
  });

  it.each([undefined, 'example.com', 'you@example.com'])(
    'never hold a placeholder of the domain, with %s',
    async (input) => {
      for (const { id } of providers)
        expect(await shown(id, input), id).not.toMatch(/%EMAILDOMAIN%/i);
    },
  );
});

describe('a name that means', () => {
  it('several regions is an error that lists those that have a server', async () => {
    const error = await failure('Amazon SES');
    expect(error.code).toBe('ambiguous-provider');
    expect(error.suggestions).toContain('ses-us-east-1');
    expect(error.suggestions).not.toContain('ses-me-south-1');
    expect(error.message).toContain(error.suggestions.join(', '));
    expect(error.message).toContain('Amazon SES');
  });

  it('several services is an error, too', async () => {
    const error = await failure('amazon');
    expect(error.code).toBe('ambiguous-provider');
    expect(error.suggestions).toContain('amazon-workmail-us-east-1');
    expect(error.suggestions).toContain('ses-us-east-1');
  });

  it('nobody comes with what is close to it', async () => {
    expect(await failure('gmial')).toMatchObject({ code: 'unknown-provider' });
    expect((await failure('gmial')).suggestions[0]).toBe('gmail');
    expect((await failure('qqqqqqqqqqqqqqqq')).suggestions).toEqual([]);
  });

  it('nobody is shown without what a terminal obeys', async () => {
    expect((await failure('\u001b[31mred')).message).not.toContain('\u001b');
  });
});
