/** What an EHLO reply says (RFC 5321 §4.1.1.1, RFC 4954). Pure. */
import { printable } from '../model/printable.ts';

export interface Capabilities {
  /** The name that the server gives itself. */
  readonly serverName: string | null;
  /** Keyword, upper case → parameters, safe to show. */
  readonly keywords: Readonly<Record<string, string>>;
  /** SASL mechanisms by IANA name, in the server's order, each once. */
  readonly auth: readonly string[];
}

// RFC 5321 has no underscore, servers do. Upper case only, so that no name of Object's is one.
const KEYWORD = /^[A-Z0-9][A-Z0-9_-]{0,63}$/;
/** RFC 4422 §3.1. */
const MECHANISM = /^[A-Z0-9_-]{1,20}$/;
/** Before RFC 4954 some wrote `AUTH=PLAIN LOGIN`; old clients still make servers offer both. */
const AUTH = /^AUTH(?:\s*=\s*|\s+)/i;
const MAX_PARAMETERS = 500; // characters kept

/** @param lines the reply's texts, as sent; the first is the greeting */
export function parseCapabilities(lines: readonly string[]): Capabilities {
  const [greeting = '', ...rest] = lines;
  const keywords = new Map<string, string>();
  const auth = new Set<string>();
  for (const raw of rest) {
    const line = raw.trim();
    const marker = AUTH.exec(line)?.[0];
    if (marker !== undefined) {
      for (const mechanism of words(line.slice(marker.length))) {
        if (MECHANISM.test(mechanism)) auth.add(mechanism);
      }
      keywords.set('AUTH', '');
      continue;
    }
    const [name = ''] = line.split(/\s/, 1);
    const keyword = name.toUpperCase();
    // Of a keyword said twice, the first that says something counts.
    if (KEYWORD.test(keyword) && !keywords.get(keyword)) {
      keywords.set(keyword, printable(line.slice(name.length), MAX_PARAMETERS));
    }
  }
  if (keywords.has('AUTH')) keywords.set('AUTH', [...auth].join(' '));
  const [serverName = ''] = words(greeting, false);
  return {
    serverName: printable(serverName, 255) || null,
    keywords: Object.fromEntries(keywords),
    auth: [...auth],
  };
}

function words(text: string, upper: boolean = true): readonly string[] {
  return (upper ? text.toUpperCase() : text).split(/\s+/).filter(Boolean);
}
