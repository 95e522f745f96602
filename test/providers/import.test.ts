import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProviderFile } from '../../scripts/providers/format.ts';
import { findChanges } from '../../scripts/providers/import/changes.ts';
import { compare } from '../../scripts/providers/import/compare.ts';
import {
  addDomain,
  addServer,
  entry,
  patternOfRegex,
  type UpstreamEntry,
} from '../../scripts/providers/import/entry.ts';
import { citeLists, mxOwners } from '../../scripts/providers/import/facts.ts';
import { propose } from '../../scripts/providers/import/propose.ts';
import { readIspdb } from '../../scripts/providers/import/read-xml.ts';
import {
  findLeftInCopies,
  findWithdrawn,
  seenDomains,
} from '../../scripts/providers/import/withdrawn.ts';
import { digest } from '../../scripts/providers/left-out.ts';

function upstream(source: string, domains: string[], host: string, port = 465): UpstreamEntry {
  const made = entry(source, host, '2026-03');
  for (const domain of domains) addDomain(made, domain);
  const encryption = port === 465 ? 'tls' : port === 25 ? 'none' : 'starttls';
  addServer(made, { host, port, encryption, auth: [], username: null });
  return made;
}

const ours: ProviderFile = {
  $schema: '../provider.schema.json',
  id: 'example',
  name: 'Example',
  kind: 'mailbox',
  domains: ['example.com'],
  mx: [{ pattern: '*.mx.example.com', proves: 'mailbox' }],
  servers: [{ host: 'smtp.example.com', port: 465, encryption: 'tls', auth: [], username: null }],
  notes: [],
  documentation: null,
  oauth: null,
  facts: [{ source: 'own', of: ['servers'], from: 'experience', confirmed: '2026-01' }],
};

describe('a comparison', () => {
  it('adds an unknown domain to the provider with the same server', () => {
    const lists = [upstream('thunderbird-ispdb', ['example.net'], 'smtp.example.com')];
    const { additions } = compare([ours], lists, {});
    expect(additions.map((a) => [a.domain, a.provider?.id])).toEqual([['example.net', 'example']]);
    const [file] = propose(additions);
    expect(file?.domains).toEqual(['example.com', 'example.net']);
  });

  it('proposes one new provider for all domains of an unknown server', () => {
    const lists = [upstream('thunderbird-ispdb', ['a.example', 'b.example'], 'mail.a.example', 25)];
    const files = propose(compare([ours], lists, {}).additions);
    expect(files).toHaveLength(1);
    expect(files[0]).toMatchObject({ id: 'a.example', domains: ['a.example', 'b.example'] });
    expect(files[0]?.notes[0]?.code).toBe('plaintext-only');
  });

  it('leaves out what is to be left out, by name or by digest', () => {
    const lists = [upstream('thunderbird-ispdb', ['a.example', 'b.example'], 'mail.a.example')];
    const leftOut = {
      closed: { why: 'Closed.', domains: ['a.example'] },
      'own-domain': { why: 'Private.', digests: [digest('b.example')] },
    };
    const { additions, coverage } = compare([ours], lists, leftOut);
    expect(additions).toEqual([]);
    expect(coverage[0]).toMatchObject({
      domains: 2,
      covered: 0,
      leftOut: { closed: 1, 'own-domain': 1 },
    });
  });

  it('tells a conflict with the sources on each side, and folds names of one service', () => {
    const lists = [
      upstream('thunderbird-ispdb', ['example.com'], 'smtp.example.com'),
      upstream('mutt-wizard', ['example.com'], 'mail.elsewhere.example'),
    ];
    expect(compare([ours], lists, {}).conflicts).toEqual([
      {
        domains: ['example.com'],
        ours: ['smtp.example.com'],
        sides: [
          { hosts: ['smtp.example.com'], sources: ['thunderbird-ispdb'] },
          { hosts: ['mail.elsewhere.example'], sources: ['mutt-wizard'] },
        ],
      },
    ]);
    const alias = {
      ...ours,
      servers: ours.servers.map((s) => ({ ...s, host: 'smtp.fastmail.com' })),
    };
    const folded = [upstream('mutt-wizard', ['example.com'], 'mail.messagingengine.com')];
    expect(compare([alias], folded, {}).conflicts).toEqual([]);
  });

  it('names exchangers that we do not know', () => {
    const list = upstream('mxsniff', [], 'smtp.example.com');
    list.mx.push('*.mx.example.com', 'mx.unknown.example');
    const { unmatchedMx } = compare([ours], [list], {});
    expect(unmatchedMx.map((m) => m.pattern)).toEqual(['mx.unknown.example']);
  });
});

describe('what a list in good care says of our own hosts', () => {
  const list = upstream('thunderbird-ispdb', ['example.com'], 'smtp.example.com', 587);

  it('is proposed as a change where we lack it', () => {
    expect(findChanges([ours], [list])).toEqual([
      { id: 'example', server: 'smtp.example.com:587/starttls', source: 'thunderbird-ispdb' },
    ]);
    expect(findChanges([ours], [{ ...list, source: 'aosp-email' }])).toEqual([]);
  });
});

/** The facts of `ours` after an import. */
function factsAfter(lists: UpstreamEntry[], provider: ProviderFile = ours): ProviderFile['facts'] {
  return citeLists(provider, lists, mxOwners([provider])).facts;
}

describe('what the lists state of a file', () => {
  const [own] = ours.facts;

  it('is the server, the host alone where the port differs, and the domain', () => {
    const lists = [
      upstream('thunderbird-ispdb', ['example.com'], 'smtp.example.com'),
      upstream('fairemail', ['example.com'], 'smtp.example.com', 587),
      upstream('mutt-wizard', ['example.com'], 'mail.elsewhere.example'),
      upstream('nodemailer', ['example.org'], 'smtp.example.com'),
    ];
    expect(factsAfter(lists)).toEqual([
      own,
      { source: 'thunderbird-ispdb', of: ['domains', 'servers'], confirmed: '2026-03' },
      { source: 'fairemail', of: ['domains', 'smtp.example.com'], confirmed: '2026-03' },
    ]);
  });

  it('of several servers names those it has', () => {
    const second = { ...ours.servers[0], host: 'smtp.example.com', port: 587 } as const;
    const both = { ...ours, servers: [...ours.servers, { ...second, encryption: 'starttls' }] };
    const [, fact] = factsAfter(
      [upstream('fairemail', ['example.com'], 'smtp.example.com')],
      both as ProviderFile,
    );
    expect(fact?.of).toEqual(['domains', 'smtp.example.com:465']);
  });

  it('is an exchanger or a domain, too, of lists that know no servers', () => {
    const list = entry('mxsniff', 'example', '2022-01');
    addDomain(list, 'example.com');
    list.mx.push('*.mx.example.com');
    expect(factsAfter([list])[1]).toEqual({
      source: 'mxsniff',
      of: ['domains', 'mx'],
      confirmed: '2022-01',
    });
  });

  it('has the month of each entry, and where that is not known keeps what was recorded', () => {
    const list = upstream('thunderbird-ispdb', ['example.com'], 'smtp.example.com');
    const recorded = {
      source: 'thunderbird-ispdb',
      of: ['domains', 'servers'],
      confirmed: '2019-03',
    };
    const before = { ...ours, facts: [recorded] };
    expect(factsAfter([{ ...list, dated: false }], before)).toEqual([recorded]);
    expect(factsAfter([{ ...list, confirmed: '2026-02' }], before)).toEqual([
      { ...recorded, confirmed: '2026-02' },
    ]);
  });
});

describe('what a list has withdrawn', () => {
  const list = upstream('fairemail', ['example.com'], 'smtp.example.com');
  const cited = { ...ours, facts: factsAfter([list]) };
  const withdrawn = (now: UpstreamEntry[], seen = seenDomains([list])) => {
    const renewed = citeLists(cited, now, mxOwners([cited]));
    return findWithdrawn([cited], [renewed], now, seen);
  };

  it('is nothing while the list stays the same', () => {
    expect(withdrawn([list])).toEqual([]);
  });

  it('is a server that it does not name any more', () => {
    const moved = upstream('fairemail', ['example.com'], 'smtp.elsewhere.example');
    expect(withdrawn([moved])).toContainEqual({
      id: 'example',
      source: 'fairemail',
      items: ['domains', 'smtp.example.com:465'],
    });
  });

  it('is a domain that it had at the last import', () => {
    const more = { ...cited, domains: ['example.com', 'example.net'] };
    const had = seenDomains([upstream('fairemail', more.domains, 'smtp.example.com')]);
    expect(findWithdrawn([more], [more], [list], had)).toEqual([
      { id: 'example', source: 'fairemail', items: ['example.net'] },
    ]);
  });

  it('long ago may be a domain that only an old copy of it still has', () => {
    const copy = upstream('mailspring', ['example.com'], 'smtp.example.com');
    expect(findLeftInCopies([ours], [copy])).toEqual([
      { id: 'example', source: 'thunderbird-ispdb', items: ['example.com'] },
    ]);
    // Another list in good care vouches for it.
    expect(findLeftInCopies([ours], [copy, list])).toEqual([]);
  });
});

describe('an entry of ISPDB', () => {
  const config = `<clientConfig version="1.1"><emailProvider id="example.com">
    <domain>example.com</domain><displayName>Example</displayName>
    <outgoingServer type="smtp"><hostname>smtp.example.com</hostname><port>465</port>
    <socketType>SSL</socketType><username>%EMAILADDRESS%</username></outgoingServer>
    <enable visiturl="https://example.com/enable"></enable>
    <documentation url="https://example.com/help"/>
    </emailProvider></clientConfig>`;
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ispdb-'));
    mkdirSync(join(folder, 'ispdb'));
    writeFileSync(join(folder, 'ispdb', 'example.com.xml'), config);
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const read = () => readIspdb(folder, 'thunderbird-ispdb', '2026-03')[0];

  it('is as old as the last commit that changed its file', () => {
    const git = (...args: string[]) => {
      const date = '2019-03-05T12:00:00Z';
      const env = { ...process.env, GIT_COMMITTER_DATE: date, GIT_AUTHOR_DATE: date };
      const who = ['-c', 'user.name=A', '-c', 'user.email=a@example.com'];
      const { status, stderr } = spawnSync('git', [...who, ...args], { cwd: folder, env });
      if (status !== 0) throw new Error(String(stderr));
    };
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '--message', 'One');
    expect(read()).toMatchObject({ confirmed: '2019-03', dated: true });
  });

  it('has the date of the whole list where there is no history', () => {
    expect(read()).toMatchObject({
      confirmed: '2026-03',
      dated: false,
      notes: ['enable-smtp-access'],
      documentation: 'https://example.com/help',
    });
  });
});

describe('a regular expression of a list', () => {
  it.each([
    ['gmail\\.com', 'gmail.com'],
    ['yahoo\\..*', 'yahoo.*'],
    ['mx\\d\\.ovh\\.net', 'mx*.ovh.net'],
    ['(.+\\.)?emailsrvr\\.com', '*.emailsrvr.com'],
    ['(?<!protection)\\.outlook\\.com', null],
  ])('%s is the pattern %s', (regex, pattern) => {
    expect(patternOfRegex(regex)).toBe(pattern);
  });
});
