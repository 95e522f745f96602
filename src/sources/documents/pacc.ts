/** Fetches a PACC document and checks it against its digest in the DNS, where there is one. */
import type { Network } from '../../net/network.ts';
import { type NoDocument, noAnswer, noDocument } from './http-outcome.ts';
import { checkDigest } from './pacc-digest.ts';
import { type PaccConfig, parsePacc } from './pacc-json.ts';

export type PaccResult =
  | {
      readonly kind: 'found';
      /** At least one server. */
      readonly config: PaccConfig;
      /** The digest could not be looked up for now. */
      readonly unchecked: boolean;
      readonly detail: string;
    }
  /** A document of this kind, of which nothing can be used. */
  | { readonly kind: 'unusable'; readonly detail: string }
  | NoDocument;

/** HTTPS only. */
export function paccUrl(domain: string): string {
  return `https://ua-auto-config.${domain}/.well-known/user-agent-configuration.json`;
}

/** @throws the signal's reason */
export async function fetchPacc(
  domain: string,
  network: Network,
  signal: AbortSignal,
): Promise<PaccResult> {
  const [answer, txt] = await Promise.all([
    network.fetch(paccUrl(domain), { signal, headers: { accept: 'application/json, */*;q=0.5' } }),
    network.dns.query(`_ua-auto-config.${domain}`, 'TXT', signal),
  ]);
  if (answer.kind === 'failed') return noAnswer(answer);
  const missing = noDocument(answer.status);
  if (missing) return missing;
  const status = `HTTP ${answer.status}`;

  const parsed = parsePacc(answer.body, answer.contentType);
  if (!parsed.ok) {
    const detail = `${status}: ${parsed.reason}`;
    return parsed.kind === 'other' ? { kind: 'nothing', detail } : { kind: 'unusable', detail };
  }
  const digest = checkDigest(txt.kind === 'records' ? txt.records : [], answer.body);
  if (digest === 'differs') {
    return { kind: 'unusable', detail: `${status}: its digest is not the one in the DNS` };
  }
  const { servers, dropped } = parsed.config;
  if (servers.length === 0) {
    return dropped.length > 0
      ? { kind: 'unusable', detail: `${status}: ${dropped.join('; ')}` }
      : { kind: 'nothing', detail: `${status}: no submission server` };
  }
  const hosts = servers.map(({ host }) => host).join(', ');
  const unchecked = txt.kind === 'failed' || (txt.kind === 'none' && txt.reason === 'unusable');
  const vouched = digest === 'matches' ? ', digest verified' : '';
  const detail = `${status}: ${hosts}${unchecked ? ', digest not checked' : vouched}`;
  return { kind: 'found', config: parsed.config, unchecked, detail };
}
