import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export interface LeftOutReason {
  why: string;
  /** Names that may be named. */
  domains?: string[];
  /**
   * Digests of names that may not: what belongs to one person or company is nobody else's
   * business, and a slur is not worth repeating.
   */
  digests?: string[];
}

export type LeftOut = Record<string, LeftOutReason>;

export function readLeftOut(): LeftOut {
  const text = readFileSync(new URL('./left-out.json', import.meta.url), 'utf8');
  return JSON.parse(text) as LeftOut;
}

export function digest(domain: string): string {
  return createHash('sha256').update(domain).digest('hex').slice(0, 16);
}

/** The reason for which a domain is not in our files, or null. */
export function reasonOf(leftOut: LeftOut, domain: string): string | null {
  for (const [code, reason] of Object.entries(leftOut)) {
    if (reason.domains?.includes(domain)) return code;
    if (reason.digests?.includes(digest(domain))) return code;
  }
  return null;
}
