/**
 * PACC at the domain itself (draft-ietf-mailmaint-pacc), over HTTPS, checked against its digest in
 * the DNS where there is one.
 */
import { createHash } from 'node:crypto';
import type { Answer } from './answer.ts';
import {
  noDocument,
  noResponse,
  nothing,
  publishedProvider,
  unreadableDocument,
  unusableDocument,
} from './documents/http-answer.ts';
import { parsePacc } from './documents/pacc-json.ts';
import type { LookupContext, Source } from './source.ts';

export const pacc: Source = {
  name: 'pacc',
  over: 'http',
  lookups: ({ domain }) => [{ from: paccUrl(domain), find: (context) => find(domain, context) }],
};

export function paccUrl(domain: string): string {
  return `https://ua-auto-config.${domain}/.well-known/user-agent-configuration.json`;
}

async function find(domain: string, { network, signal }: LookupContext): Promise<Answer> {
  const url = paccUrl(domain);
  const [answer, txt] = await Promise.all([
    network.fetch(url, { signal, headers: { accept: 'application/json, */*;q=0.5' } }),
    network.dns.query(`_ua-auto-config.${domain}`, 'TXT', signal),
  ]);
  if (answer.kind === 'failed') return noResponse(answer);
  const missing = noDocument(answer.status);
  if (missing) return missing;

  const status = `HTTP ${answer.status}`;
  const parsed = parsePacc(answer.body, answer.contentType);
  if (!parsed.ok) return unreadableDocument(url, status, parsed);
  const digest = checkDigest(txt.kind === 'records' ? txt.records : [], answer.body);
  if (digest === 'differs') {
    return unusableDocument(url, `${status}: its digest is not the one in the DNS`);
  }
  const { servers, dropped } = parsed.config;
  if (servers.length === 0) {
    return dropped.length > 0
      ? unusableDocument(url, `${status}: ${dropped.join('; ')}`)
      : nothing(`${status}: no submission server`);
  }
  const hosts = servers.map(({ host }) => host).join(', ');
  const unchecked = txt.kind === 'failed' || (txt.kind === 'none' && txt.reason === 'unusable');
  const vouched = digest === 'matches' ? ', digest verified' : '';
  return {
    outcome: 'found',
    statements: servers,
    channel: 'https',
    provider: publishedProvider(parsed.config),
    detail: `${status}: ${hosts}${unchecked ? ', digest not checked' : vouched}`,
    ...(unchecked && { incomplete: true }),
  };
}

/**
 * Whether any of the TXT records (`v=UAAC1; a=sha256; d=<base64>`) vouches for the document.
 * `absent`: none of them is about a digest, so there is nothing to check.
 *
 * @param body the document's bytes without any content coding
 */
export function checkDigest(
  records: readonly string[],
  body: Uint8Array,
): 'matches' | 'differs' | 'absent' {
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

/** The tags of a record, which may stand in any order, with any white space between. */
function tagsOf(record: string): Map<string, string> {
  const tags = new Map<string, string>();
  for (const part of record.split(';')) {
    const equals = part.indexOf('=');
    if (equals === -1) continue;
    tags.set(part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim());
  }
  return tags;
}
