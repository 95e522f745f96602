/** What the lab's names mean: a pure table with the lookup rules of the DNS. */
import type { Answer } from 'dns-packet';

/** Records in the words of a zone file. A list holds several records. */
export interface ZoneEntry {
  readonly A?: OneOrMore<string>;
  readonly AAAA?: OneOrMore<string>;
  readonly CNAME?: string;
  /** `10 mx.example.com`; `0 .` is a null MX. */
  readonly MX?: OneOrMore<string>;
  /** Priority, weight, port, target: `0 1 465 smtp.example.com`. */
  readonly SRV?: OneOrMore<string>;
  /** Each item is a record; an item that is itself a list is a record of several strings. */
  readonly TXT?: OneOrMore<string | readonly string[]>;
  readonly NS?: OneOrMore<string>;
  readonly PTR?: OneOrMore<string>;
  /** Seconds; default 300. */
  readonly ttl?: number;
}
type OneOrMore<T> = T | readonly T[];

/** Names without the root dot. `*.example.com` is a wildcard (RFC 4592). */
export type Zone = Readonly<Record<string, ZoneEntry>>;

export interface ZoneAnswer {
  readonly rcode: 'NOERROR' | 'NXDOMAIN';
  readonly answers: readonly Answer[];
}

const MAX_CHAIN = 16;

export class ZoneTable {
  readonly #entries = new Map<string, ZoneEntry>();
  /** Every name that exists, names that hold nothing themselves (empty non-terminals) included. */
  readonly #names = new Set<string>();

  constructor(zone: Zone) {
    for (const [name, entry] of Object.entries(zone)) this.set(name, entry);
  }

  set(name: string, entry: ZoneEntry): void {
    const key = canonical(name);
    this.#entries.set(key, entry);
    for (const ancestor of selfAndAncestors(key)) this.#names.add(ancestor);
  }

  /** The entry with exactly this name. */
  get(name: string): ZoneEntry | undefined {
    return this.#entries.get(canonical(name));
  }

  entries(): IterableIterator<[string, ZoneEntry]> {
    return this.#entries.entries();
  }

  /** As a recursive resolver answers: with the whole chain of aliases, as far as it leads. */
  lookup(name: string, type: string): ZoneAnswer {
    const answers: Answer[] = [];
    let owner = name;
    for (let hops = 0; hops < MAX_CHAIN; hops++) {
      const entry = this.#match(canonical(owner));
      if (entry === 'nothing') return { rcode: 'NXDOMAIN', answers };
      if (entry.CNAME === undefined || type === 'CNAME') {
        answers.push(...records(owner, type, entry));
        break;
      }
      answers.push(...records(owner, 'CNAME', entry));
      owner = entry.CNAME;
    }
    return { rcode: 'NOERROR', answers };
  }

  #match(name: string): ZoneEntry | 'nothing' {
    if (this.#names.has(name)) return this.#entries.get(name) ?? {};
    for (const ancestor of selfAndAncestors(name)) {
      // Only the closest name that exists may have a wildcard that counts (RFC 4592 §3.3.1).
      if (this.#names.has(ancestor)) return this.#entries.get(`*.${ancestor}`) ?? 'nothing';
    }
    return 'nothing';
  }
}

export function canonical(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

function* selfAndAncestors(name: string): Generator<string> {
  for (let at = name; at !== ''; at = at.slice(at.indexOf('.') + 1)) {
    yield at;
    if (!at.includes('.')) return;
  }
}

function records(name: string, type: string, entry: ZoneEntry): Answer[] {
  const ttl = entry.ttl ?? 300;
  switch (type) {
    case 'A':
    case 'AAAA':
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return list(entry[type]).map((data) => ({ name, type, ttl, data }));
    case 'MX':
      return list(entry.MX).map((text) => {
        const [preference, exchange] = fields(text, 2, name);
        return {
          name,
          type,
          ttl,
          data: { preference: Number(preference), exchange: `${exchange}` },
        };
      });
    case 'SRV':
      return list(entry.SRV).map((text) => {
        const [priority, weight, port, target] = fields(text, 4, name);
        const data = {
          priority: Number(priority),
          weight: Number(weight),
          port: Number(port),
          target: `${target}`,
        };
        return { name, type, ttl, data };
      });
    case 'TXT':
      return list<string | readonly string[]>(entry.TXT).map((text) => ({
        name,
        type,
        ttl,
        data: typeof text === 'string' ? split(text) : [...text],
      }));
    default:
      return [];
  }
}

function list<T>(value: OneOrMore<T> | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as T];
}

function fields(text: string, count: number, name: string): string[] {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== count) throw new Error(`bad record in the lab's zone at ${name}: "${text}"`);
  return parts;
}

/** A string in a TXT record holds at most 255 bytes. */
function split(text: string): string[] {
  return text.match(/[\s\S]{1,255}/g) ?? [''];
}
