/** The question which domains the mail exchangers lead to: a lookup of mx-autoconfig like any other. */
import { describe, expect, it } from 'vitest';
import { type DiscoverOptions, discover } from '../../src/engine/discover.ts';
import { parseQuery } from '../../src/model/query.ts';
import { buildReport } from '../../src/report/build-report.ts';
import { sourceNames } from '../../src/sources/order.ts';
import {
  dnsFailure,
  mxRecord,
  type Paper,
  type PaperNetwork,
  paperNetwork,
} from '../sources/paper-network.ts';
import { directory } from '../sources/providers.ts';
import { NOW, refused } from './paper-facts.ts';

const onlyMxAutoconfig = new Set(sourceNames.filter((name) => name !== 'mx-autoconfig'));

async function find(paper: Paper | PaperNetwork, options: Partial<DiscoverOptions> = {}) {
  const network = 'dns' in paper ? paper : paperNetwork(paper);
  const discovery = await discover(parseQuery('you@example.com'), {
    context: {
      network,
      providers: directory,
      sendAddress: false,
      ispdbUrl: 'https://ispdb.example/',
    },
    probe: async () => refused,
    signal: new AbortController().signal,
    timeoutMs: 3000,
    probing: true,
    offline: false,
    exhaust: false,
    now: NOW,
    skip: onlyMxAutoconfig,
    ...options,
  });
  const report = buildReport(discovery, directory, { all: false, explain: true });
  return {
    report,
    codes: report.warnings.map(({ code }) => code),
    sources: report.sources
      .filter(({ source }) => source === 'mx-autoconfig')
      .map(({ subject, from, outcome, detail }) => ({ subject, from, outcome, detail })),
  };
}

const mx = (...records: string[]): Paper => ({
  zone: { 'example.com MX': records.map(mxRecord) },
});

describe('the MX question of mx-autoconfig', () => {
  it('that fails is told, and may change the result', async () => {
    const { report, codes, sources } = await find({ cut: true });
    expect(sources).toEqual([
      {
        subject: 'example.com',
        from: 'example.com MX',
        outcome: 'failed',
        detail: 'no answer from 192.0.2.53',
      },
    ]);
    expect(report).toMatchObject({ status: 'not-found', complete: false });
    expect(codes).toContain('network-unreachable');
  });

  it('that fails while the resolver answers is told of', async () => {
    const zone = { 'example.com MX': { ...dnsFailure, reason: 'servfail', reached: true } };
    const { report, codes } = await find({ zone });
    expect(report.complete).toBe(false);
    expect(codes).toEqual(expect.arrayContaining(['resolver-failed', 'incomplete']));
  });

  it('that is never answered is a timeout', async () => {
    const network = paperNetwork();
    const silent: PaperNetwork = { ...network, dns: { query: () => new Promise(() => {}) } };
    const { report, sources } = await find(silent, { timeoutMs: 50 });
    expect(sources).toMatchObject([{ from: 'example.com MX', outcome: 'timeout' }]);
    expect(report.complete).toBe(false);
  });

  it('that leads nowhere is nothing', async () => {
    for (const paper of [{}, mx('0 .'), mx('10 mx.example.com'), mx('10 192.0.2.1')]) {
      const { report, sources } = await find(paper);
      expect(sources).toMatchObject([{ from: 'example.com MX', outcome: 'nothing' }]);
      expect(report.complete).toBe(true);
    }
  });

  it('gives way to the lookups that it leads to', async () => {
    const { sources } = await find(mx('10 mx.hoster.example'));
    expect(sources.map(({ subject, outcome }) => `${subject} ${outcome}`)).toEqual([
      'hoster.example nothing',
      'hoster.example nothing',
      'hoster.example nothing',
    ]);
  });

  it('asks about every exchanger of the best preference, each domain once', async () => {
    const { sources } = await find(
      mx(
        '10 b.hoster.example',
        '10 mx.in.carrier.example',
        '10 a.hoster.example',
        '20 mx.backup.example',
      ),
    );
    expect([...new Set(sources.map(({ subject }) => subject))]).toEqual([
      'hoster.example',
      'in.carrier.example',
      'carrier.example',
    ]);
    expect(sources).toHaveLength(9);
  });

  it('asks about the exchangers beside a gateway', async () => {
    const { sources } = await find(mx('10 in.filter.example', '10 mx.hoster.example'));
    expect(new Set(sources.map(({ subject, outcome }) => `${subject} ${outcome}`))).toEqual(
      new Set(['filter.example skipped', 'hoster.example nothing']),
    );
  });

  it('asks about a few domains only', async () => {
    const { sources } = await find(
      mx(...Array.from({ length: 30 }, (_, i) => `10 mx.h${i}.example`)),
    );
    expect(new Set(sources.map(({ subject }) => subject)).size).toBe(6);
  });

  it('leads to no gateway', async () => {
    const { sources } = await find(mx('10 in.filter.example'));
    expect(sources).toMatchObject([{ subject: 'filter.example', outcome: 'skipped' }]);
  });

  it('does not hide a fault of ours', async () => {
    const fault = new TypeError('a fault');
    const network = paperNetwork(mx('10 mx.hoster.example'));
    const providers = {
      ...directory,
      byMx: () => {
        throw fault;
      },
    };
    const context = { network, providers, sendAddress: false, ispdbUrl: 'https://ispdb.example/' };
    await expect(find(network, { context })).rejects.toBe(fault);
  });
});
