import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { getDomain } from 'tldts';
import { describe, expect, it } from 'vitest';
import { filePatterns } from '../../scripts/providers/file-patterns.mjs';
import { formatProvider } from '../../scripts/providers/format.ts';
import { readLeftOut, reasonOf } from '../../scripts/providers/left-out.ts';
import { readOurFiles } from '../../scripts/providers/ours.ts';
import { matchFiled } from '../../src/providers/mx-patterns.ts';

const files = readOurFiles();
const providers = files.map(({ provider }) => provider);
const schema = JSON.parse(
  readFileSync(new URL('../../data/provider.schema.json', import.meta.url), 'utf8'),
) as object;

/** Every value that two of the lists share. */
function shared(lists: Iterable<readonly [owner: string, values: readonly string[]]>): string[] {
  const owners = new Map<string, string>();
  const twice: string[] = [];
  for (const [owner, values] of lists) {
    for (const value of values) {
      const other = owners.get(value);
      if (other !== undefined) twice.push(`${value}: ${other} and ${owner}`);
      owners.set(value, owner);
    }
  }
  return twice;
}

describe('every provider file', () => {
  it('satisfies the schema', () => {
    const validate = new Ajv({ allErrors: true }).compile(schema);
    const errors = files.flatMap(({ file, provider }) =>
      validate(provider) ? [] : [`${file}: ${JSON.stringify(validate.errors)}`],
    );
    expect(errors).toEqual([]);
  });

  it('bears its id as its name', () => {
    expect(files.filter(({ file, provider }) => file !== `${provider.id}.json`)).toEqual([]);
  });

  it('is sorted and spelled in the one way', () => {
    const unsorted = files.filter(({ text, provider }) => text !== formatProvider(provider));
    expect(unsorted.map(({ file }) => file)).toEqual([]);
  });

  it('names as covering subdomains only domains of its own', () => {
    const foreign = providers.filter((p) => p.subdomains?.some((d) => !p.domains.includes(d)));
    expect(foreign.map((p) => p.id)).toEqual([]);
  });

  it('is hosted only by providers that exist', () => {
    const ids = new Set(providers.map((p) => p.id));
    const unknown = providers.flatMap((p) => p.hostedBy ?? []).filter((id) => !ids.has(id));
    expect(unknown).toEqual([]);
  });
});

describe('domains', () => {
  it('belong to one provider each', () => {
    expect(shared(providers.map((p) => [p.id, p.domains]))).toEqual([]);
  });

  it('belong to providers with addresses, since no others are asked about them', () => {
    const owners = providers.filter((p) => p.domains.length > 0 && p.kind !== 'mailbox');
    expect(owners.map((p) => p.id)).toEqual([]);
  });

  it('are domains that can be registered, or parts of such', () => {
    const options = { allowPrivateDomains: false };
    const odd = providers.flatMap((p) => p.domains).filter((d) => getDomain(d, options) === null);
    // Public suffixes that also have mailboxes of their own.
    expect(odd).toEqual(['gov.in', 'nic.in']);
  });

  it('are not among those left out', () => {
    const leftOut = readLeftOut();
    const back = providers.flatMap((p) => p.domains).filter((d) => reasonOf(leftOut, d) !== null);
    expect(back).toEqual([]);
  });
});

describe('MX patterns', () => {
  const rows = providers.flatMap((p) => p.mx.map((m) => ({ ...m, id: p.id })));
  const filed = filePatterns(rows.map(({ pattern, id }) => ({ pattern, mark: id })));

  it('stand in one provider each', () => {
    expect(shared(providers.map((p) => [p.id, p.mx.map((m) => m.pattern)]))).toEqual([]);
  });

  it('are not shadowed by another', () => {
    const shadowed = rows.filter(({ pattern }) => {
      const host = pattern.replace(/^\*\./, 'sample.').replaceAll('*', '7');
      return matchFiled(filed, host)?.pattern !== pattern;
    });
    expect(shadowed.map(({ pattern }) => pattern)).toEqual([]);
  });

  it('name a registrable domain, at least in part', () => {
    const loose = rows.filter(({ pattern }) => {
      const domain = getDomain(pattern.replace(/^\*\./, '').replaceAll('*', '0'));
      return domain === null || /^0+\./.test(domain);
    });
    expect(loose.map(({ pattern }) => pattern)).toEqual([]);
  });

  it('of at least 200 lead to settings', () => {
    const leading = providers
      .filter((p) => p.servers.length > 0)
      .flatMap((p) => p.mx.filter((m) => m.proves === 'mailbox'));
    expect(leading.length).toBeGreaterThanOrEqual(200);
  });

  it('prove a mailbox only where the provider has mailboxes', () => {
    const wrong = providers.filter(
      (p) => p.kind !== 'mailbox' && p.mx.some((m) => m.proves === 'mailbox'),
    );
    expect(wrong.map((p) => p.id)).toEqual([]);
  });
});

describe('discovery hosts', () => {
  const rows = providers.flatMap((p) => (p.discovery ?? []).map((pattern) => ({ pattern, p })));

  it('are not shadowed by another', () => {
    const filed = filePatterns(rows.map(({ pattern }) => ({ pattern, mark: pattern })));
    const shadowed = rows.filter(({ pattern }) => {
      const host = pattern.replace(/^\*\./, 'sample.').replaceAll('*', '7');
      return matchFiled(filed, host)?.pattern !== pattern;
    });
    expect(shadowed.map(({ pattern }) => pattern)).toEqual([]);
  });
});

describe('records that name a mailbox provider', () => {
  const records = (p: (typeof providers)[number]) => [
    ...(p.discovery ?? []),
    ...(p.spf ?? []),
    ...(p.dkim ?? []).map(({ selector, target }) => `${selector} ${target}`),
  ];

  it('are those of providers with mailboxes and servers', () => {
    const wrong = providers.filter(
      (p) => records(p).length > 0 && (p.kind !== 'mailbox' || p.servers.length === 0),
    );
    expect(wrong.map((p) => p.id)).toEqual([]);
  });

  it('mean several only where one service has several regions, or sells another', () => {
    const services = new Map<string, Set<string>>();
    for (const p of providers) {
      const service = p.name.split(' ')[0] ?? '';
      for (const record of records(p)) {
        services.set(record, (services.get(record) ?? new Set()).add(service));
      }
    }
    const mixed = [...services].filter(([, names]) => names.size > 1);
    // GoDaddy sells Microsoft 365, too, and has the same SPF record published for both.
    expect(mixed.map(([record]) => record)).toEqual(['secureserver.net']);
  });

  it('cost few questions', () => {
    const selectors = new Set(providers.flatMap((p) => p.dkim ?? []).map((d) => d.selector));
    expect(selectors.size).toBeLessThanOrEqual(12);
  });

  it('stand once in each file', () => {
    const twice = providers.filter((p) => new Set(records(p)).size < records(p).length);
    expect(twice.map((p) => p.id)).toEqual([]);
  });
});

describe('rules for own domains', () => {
  const rules = providers.flatMap((p) => (p.ownDomains ? [{ ...p.ownDomains, p }] : []));

  it('say what to sign in with where the address does not tell it', () => {
    const silent = rules.filter(({ username, message }) => username === null && message === null);
    expect(silent.map(({ p }) => p.id)).toEqual([]);
  });

  it('take a user name by a known template or a literal one', () => {
    const wrong = rules.filter(({ username }) =>
      username?.replace(/%EMAIL(?:ADDRESS|LOCALPART|DOMAIN)%/g, '').includes('%'),
    );
    expect(wrong.map(({ p }) => p.id)).toEqual([]);
  });

  it('are there only where own domains lead to servers', () => {
    const idle = rules.filter(
      ({ p }) => p.servers.length === 0 || !p.mx.some(({ proves }) => proves === 'mailbox'),
    );
    expect(idle.map(({ p }) => p.id)).toEqual([]);
  });
});

describe('servers', () => {
  const servers = providers.flatMap((p) => p.servers.map((s) => ({ ...s, provider: p })));
  const name = (s: (typeof servers)[number]) => `${s.provider.id} ${s.host}:${s.port}`;

  it('have a port that fits the encryption, or say why not', () => {
    const implicit = [465, 2465];
    const odd = servers.filter(
      (s) => implicit.includes(s.port) !== (s.encryption === 'tls') && !s.provider.odd,
    );
    expect(odd.map(name)).toEqual([]);
  });

  it('are called odd only where they are', () => {
    const plain = providers.filter(
      (p) => p.odd && p.servers.every((s) => (s.port === 465) === (s.encryption === 'tls')),
    );
    expect(plain.map((p) => p.id)).toEqual([]);
  });

  it('stand once each, and encrypted ones before plaintext', () => {
    const strength = { tls: 0, starttls: 0, none: 1 };
    const wrong = providers.filter((p) => {
      const keys = p.servers.map((s) => `${s.host}:${s.port}`);
      const ranks = p.servers.map((s) => strength[s.encryption]);
      return new Set(keys).size < keys.length || ranks.some((r, i) => r < (ranks[i - 1] ?? 0));
    });
    expect(wrong.map((p) => p.id)).toEqual([]);
  });

  it('prefer implicit TLS to STARTTLS on one host', () => {
    const wrong = servers.filter(
      (s) =>
        s.encryption === 'starttls' &&
        s.provider.servers
          .slice(s.provider.servers.findIndex((t) => t.host === s.host && t.port === s.port))
          .some((t) => t.host === s.host && t.port === 465),
    );
    expect(wrong.map(name)).toEqual([]);
  });

  it('take a user name by a known template or a literal one', () => {
    const wrong = servers.filter((s) =>
      s.username?.replace(/%EMAIL(?:ADDRESS|LOCALPART|DOMAIN)%/g, '').includes('%'),
    );
    expect(wrong.map(name)).toEqual([]);
  });
});

describe('notes', () => {
  const codes = (p: (typeof providers)[number]) => p.notes.map((n) => n.code);

  it('say no-submission exactly where a mailbox provider has no server', () => {
    const wrong = providers.filter((p) =>
      codes(p).includes('no-submission')
        ? p.servers.length > 0
        : p.kind === 'mailbox' && p.servers.length === 0,
    );
    expect(wrong.map((p) => p.id)).toEqual([]);
  });

  it('say why, where a relay has no server', () => {
    const silent = providers.filter(
      (p) => p.kind === 'relay' && p.servers.length === 0 && !codes(p).includes('no-submission'),
    );
    expect(silent.map((p) => p.id)).toEqual([]);
  });

  it('say plaintext-only exactly where nothing is encrypted', () => {
    const wrong = providers.filter((p) => {
      const plaintext = p.servers.length > 0 && p.servers.every((s) => s.encryption === 'none');
      return plaintext !== codes(p).includes('plaintext-only');
    });
    expect(wrong.map((p) => p.id)).toEqual([]);
  });

  it('say oauth2-only exactly where no password mechanism is listed', () => {
    const token = ['XOAUTH2', 'OAUTHBEARER'];
    const wrong = providers.filter((p) => {
      const only = p.servers.some(
        (s) => s.auth.length > 0 && s.auth.every((mechanism) => token.includes(mechanism)),
      );
      return only !== codes(p).includes('oauth2-only') || (only && p.oauth === null);
    });
    expect(wrong.map((p) => p.id)).toEqual([]);
  });
});

describe('facts', () => {
  const endpoints = ({ servers }: (typeof providers)[number]) =>
    servers.map(({ host, port }) => `${host}:${port}`);

  it('state everything that can age', () => {
    const unstated = providers.flatMap((p) => {
      const stated = new Set(p.facts.flatMap(({ of }) => of));
      // These two follow from the servers.
      const telling = p.notes.filter((n) => !['plaintext-only', 'no-submission'].includes(n.code));
      const aging = [
        p.domains.length > 0 && 'domains',
        p.mx.length > 0 && 'mx',
        (p.discovery ?? p.spf ?? p.dkim) && 'records',
        ...(stated.has('servers') ? [] : endpoints(p)),
        (telling.length > 0 || p.links) && 'notes',
        p.documentation && 'documentation',
        p.oauth && 'oauth',
        p.ownDomains && 'ownDomains',
      ];
      return aging.filter((item) => item && !stated.has(item)).map((item) => `${p.id}: ${item}`);
    });
    expect(unstated, 'add who says so to facts, see docs/providers-how-to.md').toEqual([]);
  });

  it('state only servers that are there', () => {
    const stray = providers.flatMap((p) => {
      const known = [...endpoints(p), ...p.servers.map(({ host }) => host)];
      return p.facts
        .flatMap(({ of }) => of.filter((item) => item.includes('.')))
        .filter((item) => !known.includes(item))
        .map((item) => `${p.id}: ${item}`);
    });
    expect(stray, 'run data:import --write, or take it out of facts').toEqual([]);
  });

  it('state nothing twice by the same witness', () => {
    const twice = providers.filter((p) => {
      const said = p.facts.flatMap(({ source, from, of }) =>
        of.map((o) => `${source} ${from} ${o}`),
      );
      return new Set(said).size < said.length;
    });
    expect(twice.map((p) => p.id)).toEqual([]);
  });
});

describe('names for --provider', () => {
  it('mean one provider each', () => {
    expect(shared(providers.map((p) => [p.id, [p.id, ...(p.aliases ?? [])]]))).toEqual([]);
  });

  it('in full are distinct', () => {
    expect(shared(providers.map((p) => [p.id, [p.name.toLowerCase()]]))).toEqual([]);
  });
});
