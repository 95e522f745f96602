/** The TXT records that vouch for a PACC document: `v=UAAC1; a=sha256; d=<base64>`. */
import { createHash } from 'node:crypto';

/** `absent`: no record speaks of a digest, so there is nothing to check. */
export type DigestVerdict = 'matches' | 'differs' | 'absent';

/**
 * Whether any record vouches for the document.
 *
 * @param body the document's bytes without any content coding
 */
export function checkDigest(records: readonly string[], body: Uint8Array): DigestVerdict {
  const tagged = records.map(tagsOf).filter((tags) => tags.get('v')?.toUpperCase() === 'UAAC1');
  if (tagged.length === 0) return 'absent';
  const actual = createHash('sha256').update(body).digest();
  const matches = tagged.some(
    (tags) =>
      tags.get('a')?.toLowerCase() === 'sha256' &&
      actual.equals(Buffer.from(tags.get('d') ?? '', 'base64')),
  );
  return matches ? 'matches' : 'differs';
}

/** In any order, with any white space; what is unknown is kept and never asked for. */
function tagsOf(record: string): Map<string, string> {
  const tags = new Map<string, string>();
  for (const part of record.split(';')) {
    const equals = part.indexOf('=');
    if (equals === -1) continue;
    tags.set(part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim());
  }
  return tags;
}
