/** The steps of the conversation (RFC 5321, RFC 3207), each noting what it sees as it sees it. */

import type { ProbeResult } from '../probe/result.ts';
import { CERTIFICATE_DEMANDED } from '../probe/tls-trouble.ts';
import { type Moment, refused, type Verdict, verdict } from '../probe/verdict.ts';
import { parseCapabilities } from './capabilities.ts';
import type { Conversation } from './conversation.ts';
import { type Reply, replyText, showReply } from './reply.ts';

type Fact =
  | 'stage'
  | 'address'
  | 'banner'
  | 'serverName'
  | 'capabilities'
  | 'auth'
  | 'clearAuth'
  | 'startTls'
  | 'injection'
  | 'tls'
  | 'alternateNames'
  | 'reply';

/** What was seen so far: whatever goes wrong next, this stays. */
export type Seen = Mutable<Required<Pick<ProbeResult, Fact>>> & Mutable<Moment>;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export function nothingSeen(): Seen {
  return {
    stage: 'resolve',
    awaiting: 'banner',
    certificateAsked: false,
    address: null,
    banner: null,
    serverName: null,
    capabilities: {},
    auth: [],
    clearAuth: [],
    startTls: null,
    injection: false,
    tls: null,
    alternateNames: [],
    reply: null,
  };
}

/** The server said no: the conversation is over, and it is our turn to say QUIT. */
export class TurnedAway extends Error {
  override readonly name: string = 'TurnedAway';
  readonly verdict: Verdict;

  constructor(verdict: Verdict) {
    super(verdict.reason);
    this.verdict = verdict;
  }
}

/** @throws TurnedAway, and what `Conversation.read` throws */
export async function readBanner(
  talk: Conversation,
  seen: Seen,
  signal: AbortSignal,
): Promise<void> {
  seen.stage = 'banner';
  seen.awaiting = 'banner';
  const banner = note(seen, await talk.read(signal));
  seen.banner = replyText(banner, 500);
  if (banner.code === 220) return;
  const what = banner.code >= 400 ? 'the server turned us away' : 'not an SMTP banner';
  throw turnedAway(seen, what, banner);
}

/**
 * EHLO, or HELO where the server knows no better, and what it says of itself.
 * @throws TurnedAway, and what `Conversation.command` throws
 */
export async function hello(
  talk: Conversation,
  seen: Seen,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  seen.stage = 'ehlo';
  seen.awaiting = 'EHLO';
  const ehlo = note(seen, await talk.command(`EHLO ${name}`, signal));
  // Another greeting, perhaps: from here on each reply would be taken for the next one's.
  if (ehlo.code === 220) throw turnedAway(seen, 'the server answered EHLO out of step', ehlo);
  if (isPositive(ehlo)) {
    const { serverName, keywords, auth } = parseCapabilities(ehlo.lines);
    seen.serverName = serverName;
    seen.capabilities = keywords;
    seen.auth = auth;
    return;
  }
  seen.capabilities = {};
  seen.auth = [];
  if (!mayKnowHelo(ehlo)) throw turnedAway(seen, 'the server refused EHLO', ehlo);
  seen.awaiting = 'HELO';
  const helo = note(seen, await talk.command(`HELO ${name}`, signal));
  if (isPositive(helo)) return;
  throw turnedAway(seen, 'the server refused EHLO and HELO', helo);
}

/**
 * STARTTLS, up to the point where the handshake may begin. What was learned in the clear counts
 * no more, AUTH least of all (RFC 3207 §4.2).
 * @throws TurnedAway, and what `Conversation.command` throws
 */
export async function startTls(talk: Conversation, seen: Seen, signal: AbortSignal): Promise<void> {
  if (!seen.startTls) throw new TurnedAway(verdict('tls', 'STARTTLS is not offered'));
  seen.stage = 'starttls';
  seen.awaiting = 'STARTTLS';
  const reply = note(seen, await talk.command('STARTTLS', signal));
  if (reply.code !== 220)
    throw new TurnedAway(refused('tls', 'the server refused STARTTLS', reply));
  // Whatever came behind the 220 came in the clear, and would be taken for the server's word
  // under TLS (CVE-2011-0411).
  seen.injection = talk.discard();
  seen.capabilities = {};
}

/**
 * Some demand a client certificate only after the handshake, and with a 421 at that (Postfix), for
 * which coming back later is no use.
 */
function turnedAway(seen: Seen, what: string, reply: Reply): TurnedAway {
  const demanded = seen.certificateAsked && /\bcertificates?\b/i.test(replyText(reply));
  return new TurnedAway(
    demanded
      ? verdict('tls', `${CERTIFICATE_DEMANDED}: ${showReply(reply)}`)
      : refused('protocol', what, reply),
  );
}

function isPositive(reply: Reply): boolean {
  return reply.code >= 200 && reply.code < 300;
}

/** RFC 5321 §3.2 for servers that don't know EHLO; 521, 554 and 556 mean that there is no service. */
function mayKnowHelo(reply: Reply): boolean {
  return reply.code >= 500 && ![521, 554, 556].includes(reply.code);
}

function note(seen: Seen, reply: Reply): Reply {
  seen.reply = { code: reply.code, enhanced: reply.enhanced, text: replyText(reply) };
  return reply;
}
