import { describe, expect, it } from 'vitest';
import {
  bySize,
  closed,
  due,
  monthsBetween,
  spread,
  witnesses,
} from '../../scripts/providers/ages.ts';
import type { Fact, ProviderFile } from '../../scripts/providers/format.ts';
import { LARGEST } from '../../scripts/providers/largest.ts';
import { lastConfirmed } from '../../scripts/providers/last-confirmed.mjs';
import { readOurFiles } from '../../scripts/providers/ours.ts';

function provider(facts: Fact[], more: Partial<ProviderFile> = {}): ProviderFile {
  const server = { host: 'smtp.example.com', auth: [], username: null };
  return {
    $schema: '../provider.schema.json',
    id: 'example',
    name: 'Example',
    kind: 'mailbox',
    domains: ['example.com'],
    mx: [],
    servers: [
      { ...server, port: 465, encryption: 'tls' },
      { ...server, port: 587, encryption: 'starttls' },
    ],
    notes: [],
    documentation: null,
    oauth: null,
    facts,
    ...more,
  };
}

const stated = (source: string, of: string[], confirmed: string, from?: string): Fact => ({
  source,
  of,
  confirmed,
  ...(from && { from }),
});

describe('when settings were last confirmed', () => {
  it('is the newest month of who states a server, and not of who states the rest', () => {
    const facts = [
      stated('thunderbird-ispdb', ['servers'], '2019-03'),
      stated('fairemail', ['smtp.example.com:465'], '2024-05'),
      stated('nodemailer', ['smtp.example.com'], '2025-01'),
      stated('own', ['notes', 'domains'], '2026-01', 'experience'),
    ];
    expect(lastConfirmed(provider(facts), {})).toBe('2024-05');
  });

  it('is that of a probe of ours where it is newer', () => {
    const old = provider([stated('own', ['servers'], '2020-01', 'experience')]);
    const at = (seen: Parameters<typeof lastConfirmed>[1][string]) =>
      lastConfirmed(old, { 'smtp.example.com:465/tls': seen });
    expect(at({ date: '2026-11-02', outcome: 'verified' })).toBe('2026-11');
    expect(at({ date: '2026-11-02', outcome: 'timeout' })).toBe('2020-01');
    expect(at({ date: '2026-11-02', outcome: 'dns', lastVerified: '2026-03-09' })).toBe('2026-03');
  });

  it('is that of any fact where there are no servers', () => {
    const closed = provider([stated('own', ['notes'], '2023-01', 'experience')], { servers: [] });
    expect(lastConfirmed(closed, {})).toBe('2023-01');
  });
});

describe('what is due', () => {
  const old = (id: string) =>
    provider(
      [
        stated('own', ['servers'], '2026-01', 'experience'),
        stated('own', ['notes'], '2025-01', 'experience'),
      ],
      { id },
    );

  it('is settings after eighteen months, and notes of the largest', () => {
    const all = [old('gmail'), old('example')];
    expect(due(all, {}, '2026-07')).toEqual([]);
    const [first, ...others] = due(all, {}, '2026-08');
    expect(first).toMatchObject({ id: 'gmail', what: 'notes', months: 19, failing: true });
    expect(others).toEqual([]);
    expect(due(all, {}, '2027-08').map(({ id, what }) => `${id} ${what}`)).toEqual([
      'gmail notes',
      'example settings',
      'gmail settings',
    ]);
  });

  it('is a provider whose day of closing has passed', () => {
    const closing = {
      ...old('example'),
      notes: [{ code: 'closing', date: '2027-03-31', message: 'It ends.' }],
    };
    expect(closed([closing], '2027-03-31')).toEqual([]);
    expect(closed([closing], '2027-04-01')).toEqual([closing]);
  });
});

describe('the best witness of a server', () => {
  it.each<[string, Fact[], string]>([
    ['kept list, host and port', [stated('fairemail', ['servers'], '2026-08')], '2026-08'],
    ['kept list, host only', [stated('fairemail', ['smtp.example.com'], '2026-08')], '2026-08'],
    ['a page', [stated('own', ['servers'], '2026-08', 'https://example.com/')], '2026-08'],
    ['another list', [stated('aosp-email', ['servers'], '2014-10')], '2014-10'],
    [
      'public configurations',
      [stated('own', ['servers'], '2026-01', 'public configurations')],
      '2026-01',
    ],
    ['experience', [stated('own', ['servers'], '2025-06', 'experience')], '2025-06'],
  ])('is %s', (witness, facts) => {
    expect(witnesses(provider(facts))).toEqual([witness, witness]);
  });
});

it('months and their spread', () => {
  expect(monthsBetween('2024-11', '2026-11')).toBe(24);
  expect(spread([], '2026-11')).toBeNull();
  expect(spread(['2026-11', '2024-11', '2024-10'], '2026-11')).toEqual({
    median: '2024-11',
    oldest: '2024-10',
    upTo1: 1,
    upTo2: 1,
    older: 1,
  });
});

describe('the largest providers', () => {
  const providers = readOurFiles().map((file) => file.provider);

  it('are fifty that exist, each with mailboxes', () => {
    const known = providers.filter((p) => LARGEST.includes(p.id));
    expect(known).toHaveLength(50);
    expect(new Set(LARGEST).size).toBe(LARGEST.length);
    expect(known.filter((p) => p.kind !== 'mailbox')).toEqual([]);
  });

  it('are one group of all, of which none is lost', () => {
    const groups = bySize(providers);
    expect(groups[0]?.providers).toHaveLength(50);
    expect(groups.flatMap((group) => group.providers)).toHaveLength(providers.length);
  });
});
