/** The compact index: how it is laid out, and how an entry is read from it. */
import {
  NO_LINKS,
  type OAuthFacts,
  type ProviderLinks,
  type ProviderNote,
} from '../model/candidate.ts';
import type { Named } from './names.ts';
import type { MxProof, Provider, ProviderKind, ProviderServer } from './provider.ts';

/**
 * The compact index that `scripts/providers-compile.mjs` writes: texts to be searched, so that
 * loading parses nothing and a lookup only the line it has found.
 */
export interface CompiledIndex {
  /** JSON of what repeats among the rows. */
  tables: string;
  /** One line of JSON for each provider. */
  rows: string;
  /** Lines of `row domain domain `. */
  domains: string;
  /** MX patterns, filed; each mark is the proof's digit and the row. */
  exchangers: string;
  /** Where autodiscover and autoconfig lead: patterns, filed; each mark is the rows. */
  discovery: string;
  /** Lines of `domain rows`: what SPF records include. */
  senders: string;
  /** Lines of `selector rows:pattern rows:- `: DKIM keys behind a CNAME, or there themselves. */
  signers: string;
}

export interface CompiledTables {
  auths: string[][];
  usernames: (string | null)[];
  notes: ProviderNote[];
  links: ProviderLinks[];
  oauths: OAuthFacts[];
  ownDomains: [username: string | null, message: string | null][];
}

export type CompiledProvider = [
  id: string,
  name: string,
  kind: number,
  aliases: string,
  servers: [host: string, port: number, encryption: number, auth: number, username: number][],
  notes: number[],
  documentation: string | null,
  oauth: number,
  subdomains: string,
  hostedBy: string,
  ownDomains: number,
  confirmed: string,
  links: number,
  family: string,
];

const KINDS: readonly ProviderKind[] = ['mailbox', 'relay', 'gateway', 'hosting'];
const PROOFS: readonly MxProof[] = ['mailbox', 'gateway', 'rented'];
const ENCRYPTIONS: readonly ProviderServer['encryption'][] = ['tls', 'starttls', 'none'];

/** The names in a compiled list. */
export function names(list: string): string[] {
  return list === '' ? [] : list.trimEnd().split(' ');
}

/** What a row is called. */
export function calledBy(row: CompiledProvider): Named {
  const [id, name, , aliases] = row;
  return { id, name, aliases: names(aliases), family: row[13] };
}

/** An MX pattern's mark: what it proves, and whose it is. */
export function readMark(mark: string): { proves: MxProof; row: number } {
  return { proves: PROOFS[Number(mark[0])] ?? 'gateway', row: Number(mark.slice(1)) };
}

/** A mark that several providers may share: their rows. */
export function readRows(mark: string): number[] {
  return mark.split(',').map(Number);
}

/** The provider as callers know it. */
export function decode(
  [
    id,
    name,
    kind,
    ,
    servers,
    notes,
    documentation,
    oauth,
    ,
    hostedBy,
    ownDomains,
    confirmed,
    links,
    family,
  ]: CompiledProvider,
  domains: string,
  tables: CompiledTables,
): Provider {
  const own = tables.ownDomains[ownDomains];
  return {
    id,
    name,
    kind: KINDS[kind] ?? 'mailbox',
    family: family || null,
    domains: names(domains),
    servers: servers.map(([host, port, encryption, auth, username]) => ({
      host,
      port,
      encryption: ENCRYPTIONS[encryption] ?? 'none',
      auth: tables.auths[auth] ?? [],
      username: tables.usernames[username] ?? null,
    })),
    notes: notes.flatMap((at) => {
      const note = tables.notes[at];
      return note ? [note] : [];
    }),
    documentation,
    links: tables.links[links] ?? NO_LINKS,
    confirmed,
    oauth: tables.oauths[oauth] ?? null,
    hostedBy: names(hostedBy),
    ownDomains: own ? { username: own[0], message: own[1] } : null,
  };
}
