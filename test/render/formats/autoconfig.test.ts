import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from '../../../src/model/printable.ts';
import { parseQuery } from '../../../src/model/query.ts';
import { fillUsername } from '../../../src/model/username.ts';
import type { Report } from '../../../src/report/report.ts';
import {
  type ClientConfig,
  parseClientConfig,
} from '../../../src/sources/documents/client-config-xml.ts';
import { verified } from '../samples.ts';
import { bareDomain, hostileReport, hostileText, render, reportWith } from './reports.ts';

async function readBack(report: Report): Promise<ClientConfig> {
  const bytes = Buffer.from(render('autoconfig', report));
  const parsed = await parseClientConfig(bytes, 'text/xml', 'example.com');
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.config;
}

describe('autoconfig', () => {
  it('is read back by our own parser as the same settings', async () => {
    for (const encryption of ['tls', 'starttls', 'none'] as const) {
      const auth = ['SCRAM-SHA-256', 'PLAIN', 'LOGIN', 'CRAM-MD5', 'OAUTHBEARER', 'XOAUTH2'];
      const { servers, dropped, displayName } = await readBack(reportWith({ encryption, auth }));
      expect(dropped).toEqual([]);
      expect(displayName).toBe('Example Mail');
      expect(servers).toHaveLength(1);
      const [server] = servers;
      expect(server).toMatchObject({
        host: 'smtp.example.com',
        port: 465,
        encryption,
        username: '%EMAILADDRESS%',
        oauth: { ...verified.settings.oauth },
      });
      expect([...(server?.auth ?? [])].sort()).toEqual([...auth].sort());
      expect(fillUsername(server?.username ?? '', parseQuery('you@example.com'))).toBe(
        'you@example.com',
      );
    }
  });

  it('keeps the address of whoever asked out of the file', () => {
    for (const username of ['you@example.com', 'you']) {
      expect(render('autoconfig', reportWith({ username }))).not.toMatch(/\byou\b(?! publish)/);
    }
    expect(render('autoconfig', bareDomain())).toContain('<username>%EMAILADDRESS%</username>');
  });

  it('keeps a user name as it was', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, async (text) => {
        const username = printable(text).replaceAll('%', '') || 'x';
        const { servers } = await readBack(reportWith({ username }, { email: 'me@example.com' }));
        expect(servers[0]?.username).toBe(username);
      }),
    );
  });

  it('has one server, or is empty, whatever strangers say', async () => {
    await fc.assert(
      fc.asyncProperty(hostileReport, async (report) => {
        if (render('autoconfig', report) === '') return;
        const { servers, dropped } = await readBack(report);
        expect(dropped).toEqual([]);
        expect(servers).toHaveLength(1);
        expect(servers[0]).toMatchObject({ host: report.settings?.host });
      }),
      { numRuns: 200 },
    );
  });
});
