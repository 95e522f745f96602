/** The database is as `scripts/providers/checks` wants it: `npm run data:check` tells what to mend. */
import { describe, expect, it } from 'vitest';
import { SUFFIXES_WITH_MAILBOXES } from '../../scripts/providers/checks/domains.ts';
import { findings } from '../../scripts/providers/checks/index.ts';
import { RECORDS_OF_TWO_SERVICES } from '../../scripts/providers/checks/patterns.ts';
import { readOurFiles } from '../../scripts/providers/ours.ts';

const files = readOurFiles();
const providers = files.map(({ provider }) => provider);

describe('the provider files', () => {
  it('leave nothing to mend', () => {
    expect(findings(files)).toEqual([]);
  });

  it('need the exceptions that are made for them', () => {
    const domains = providers.flatMap((p) => p.domains);
    expect(SUFFIXES_WITH_MAILBOXES.filter((domain) => !domains.includes(domain))).toEqual([]);
    const spf = providers.flatMap((p) => p.spf ?? []);
    const once = (record: string) => spf.filter((other) => other === record).length < 2;
    expect(RECORDS_OF_TWO_SERVICES.filter(once)).toEqual([]);
  });

  it('have at least 200 MX patterns that lead to settings', () => {
    const leading = providers
      .filter((p) => p.servers.length > 0)
      .flatMap((p) => p.mx.filter((m) => m.proves === 'mailbox'));
    expect(leading.length).toBeGreaterThanOrEqual(200);
  });
});
