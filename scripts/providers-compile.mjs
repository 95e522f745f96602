// Compiles data/providers/*.json into one compact index, `src/providers/compiled.ts`, and the
// date of the data, `src/providers/compiled-date.ts`. Plain JavaScript without dependencies, since
// it runs when somebody installs from a checkout. It validates nothing: `npm run data:check` does.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { filePatterns } from './providers/file-patterns.mjs';
import { lastConfirmed, ownServersOf } from './providers/last-confirmed.mjs';

const KINDS = ['mailbox', 'relay', 'gateway', 'hosting'];
const PROOFS = ['mailbox', 'gateway', 'rented'];
const ENCRYPTIONS = ['tls', 'starttls', 'none'];

/** A list of distinct values, kept once and named by their position. */
function table() {
  const rows = [];
  const positions = new Map();
  return {
    rows,
    at(value) {
      const key = JSON.stringify(value);
      if (!positions.has(key)) positions.set(key, rows.push(value) - 1);
      return positions.get(key);
    },
  };
}

/** Rows by what several providers may share, with the mark `3,17`. */
function rowsBy(providers, namesOf) {
  const rows = new Map();
  for (const [row, provider] of providers.entries()) {
    for (const name of namesOf(provider)) rows.set(name, [...(rows.get(name) ?? []), row]);
  }
  return [...rows].map(([name, list]) => ({ name, mark: list.join() }));
}

/** The index: texts, of which a lookup parses only the line it needs. */
export function compile(providers, probed = {}) {
  const auths = table();
  const usernames = table();
  const notes = table();
  const links = table();
  const oauths = table();
  const ownDomains = table();
  const seen = ownServersOf(probed, providers);
  const rows = providers.map((p) => [
    p.id,
    p.name,
    KINDS.indexOf(p.kind),
    (p.aliases ?? []).join(' '),
    p.servers.map((s) => [
      s.host,
      s.port,
      ENCRYPTIONS.indexOf(s.encryption),
      auths.at(s.auth),
      usernames.at(s.username),
    ]),
    p.notes.map((n) => notes.at(n)),
    p.documentation,
    p.oauth === null ? -1 : oauths.at(p.oauth),
    (p.subdomains ?? []).join(' '),
    (p.hostedBy ?? []).join(' '),
    p.ownDomains ? ownDomains.at([p.ownDomains.username, p.ownDomains.message]) : -1,
    lastConfirmed(p, seen),
    p.links
      ? links.at({ enable: null, appPassword: null, oauthRegistration: null, ...p.links })
      : -1,
    p.family ?? '',
  ]);
  const patterns = providers.flatMap((p, row) =>
    p.mx.map((m) => ({ pattern: m.pattern, mark: `${PROOFS.indexOf(m.proves)}${row}` })),
  );
  const discovery = rowsBy(providers, (p) => p.discovery ?? []);
  const senders = rowsBy(providers, (p) => p.spf ?? []);
  const keys = rowsBy(providers, (p) => (p.dkim ?? []).map((d) => `${d.selector} ${d.target}`));
  return {
    tables: JSON.stringify({
      auths: auths.rows,
      usernames: usernames.rows,
      notes: notes.rows,
      links: links.rows,
      oauths: oauths.rows,
      ownDomains: ownDomains.rows,
    }),
    rows: rows.map((row) => JSON.stringify(row)).join('\n'),
    domains: providers
      .map((p, row) => `\n${row} ${p.domains.map((d) => `${d} `).join('')}`)
      .join(''),
    exchangers: filePatterns(patterns),
    discovery: filePatterns(discovery.map(({ name, mark }) => ({ pattern: name, mark }))),
    senders: senders.map(({ name, mark }) => `\n${name} ${mark}`).join(''),
    signers: fileSelectors(keys),
  };
}

/** Lines of `selector mark:pattern mark:pattern `; a `-` stands for a key without a CNAME. */
function fileSelectors(keys) {
  const lines = new Map();
  for (const { name, mark } of keys) {
    const [selector, target] = name.split(' ');
    const entry = `${mark}:${target === 'null' ? '-' : target} `;
    lines.set(selector, (lines.get(selector) ?? `\n${selector} `) + entry);
  }
  return [...lines.values()].sort().join('');
}

/** The newest month in which any fact was confirmed, YYYY-MM: no clock, no git. */
export function dateOf(providers) {
  return providers
    .flatMap((p) => p.facts.map((f) => f.confirmed))
    .reduce((a, b) => (a > b ? a : b), '2000-01');
}

function readProviders(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
}

/** What `npm run data:probe` saw, by `host:port`; nothing until it has been run. */
function readProbed(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/** A single-quoted literal, so that the JSON inside needs hardly any escapes. */
function literal(text) {
  const escaped = text
    .replace(/\\/g, '\\\\')
    .replace(/'/g, "\\'")
    .replace(/\n/g, '\\n')
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');
  return `'${escaped}'`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const providers = readProviders(new URL('../data/providers/', import.meta.url));
  const probed = readProbed(new URL('../data/probed.json', import.meta.url));
  const out = new URL('../src/providers/', import.meta.url);
  const mark = '// Generated by scripts/providers-compile.mjs from data/providers. Do not edit.\n';
  const constants = Object.entries(compile(providers, probed)).map(
    ([name, text]) => `export const ${name}: string = ${literal(text)};\n`,
  );
  const source = mark + constants.join('');
  writeFileSync(new URL('compiled.ts', out), source);
  writeFileSync(
    new URL('compiled-date.ts', out),
    `${mark}export const providersDate: string = '${dateOf(providers)}';\n`,
  );
  const size = Math.ceil(Buffer.byteLength(source) / 1000);
  console.log(`data/providers: ${providers.length} providers compiled into ${size} kB`);
}
