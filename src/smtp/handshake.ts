/**
 * How every conversation with a submission server begins (RFC 5321, RFC 3207), up to the EHLO reply
 * that counts:
 *
 *     tls:       TLS → banner → EHLO
 *     starttls:  banner → EHLO → STARTTLS → TLS → EHLO
 *     none:      banner → EHLO
 */
import type { Socket } from 'node:net';
import type { Encryption } from '../model/endpoint.ts';
import { type SecureConnection, TlsFailure } from '../net/network.ts';
import { parseCapabilities } from './capabilities.ts';
import type { Conversation } from './conversation.ts';
import { type Reply, replyText } from './reply.ts';
import type { Awaited, Transcript } from './transcript.ts';

/**
 * The server said no, or does not offer what is needed: the conversation is over, and it is the
 * client's turn to say QUIT. The message tells what happened, without the reply.
 */
export class TurnedAway extends Error {
  override readonly name: string = 'TurnedAway';
  /** Null when nothing was asked. */
  readonly reply: Reply | null;

  constructor(message: string, reply: Reply | null) {
    super(message);
    this.reply = reply;
  }
}

export interface HandshakeOptions {
  readonly encryption: Encryption;
  readonly secure: (socket: Socket) => Promise<SecureConnection>;
  readonly ehloName: string;
  readonly signal: AbortSignal;
}

/**
 * A bad certificate does not end it: the caller looks at `observed.tls` and decides.
 * @param transcript is filled in on the way
 * @throws TurnedAway, TlsFailure, ConnectionLost, ReplyError, or the signal's reason
 */
export async function shakeHands(
  conversation: Conversation,
  transcript: Transcript,
  options: HandshakeOptions,
): Promise<void> {
  const handshake = new Handshake(conversation, transcript, options);
  switch (options.encryption) {
    case 'tls':
      await handshake.tls();
      await handshake.banner();
      return handshake.ehlo();
    case 'starttls':
      await handshake.banner();
      await handshake.ehlo();
      await handshake.startTls();
      return handshake.ehlo();
    case 'none':
      await handshake.banner();
      await handshake.ehlo();
      return handshake.noteClearOffers();
  }
}

class Handshake {
  readonly #conversation: Conversation;
  readonly #transcript: Transcript;
  readonly #options: HandshakeOptions;

  constructor(conversation: Conversation, transcript: Transcript, options: HandshakeOptions) {
    this.#conversation = conversation;
    this.#transcript = transcript;
    this.#options = options;
  }

  async banner(): Promise<void> {
    const { observed } = this.#transcript;
    observed.stage = 'banner';
    this.#transcript.awaiting = 'banner';
    const banner = this.#note(await this.#conversation.read(this.#options.signal));
    observed.banner = replyText(banner, 500);
    if (banner.code === 220) return;
    const what = banner.code >= 400 ? 'the server turned us away' : 'not an SMTP banner';
    throw new TurnedAway(what, banner);
  }

  /** EHLO, or HELO where the server knows no better, and what it says of itself. */
  async ehlo(): Promise<void> {
    const { observed } = this.#transcript;
    const { ehloName } = this.#options;
    observed.stage = 'ehlo';
    observed.capabilities = {};
    observed.auth = [];
    const ehlo = await this.#command('EHLO', ` ${ehloName}`);
    // Another greeting, perhaps: from here on each reply would be taken for the next one's.
    if (ehlo.code === 220) throw new TurnedAway('the server answered EHLO out of step', ehlo);
    if (isPositive(ehlo)) {
      const { serverName, keywords, auth } = parseCapabilities(ehlo.lines);
      Object.assign(observed, { serverName, capabilities: keywords, auth });
      return;
    }
    if (!mayKnowHelo(ehlo)) throw new TurnedAway('the server refused EHLO', ehlo);
    const helo = await this.#command('HELO', ` ${ehloName}`);
    if (!isPositive(helo)) throw new TurnedAway('the server refused EHLO and HELO', helo);
  }

  /** What is offered in the clear counts no more under TLS, AUTH least of all (RFC 3207 §4.2). */
  async startTls(): Promise<void> {
    const { observed } = this.#transcript;
    this.noteClearOffers();
    observed.auth = [];
    if (!observed.startTls) throw new TurnedAway('STARTTLS is not offered', null);
    observed.stage = 'starttls';
    const reply = await this.#command('STARTTLS');
    if (reply.code !== 220) throw new TurnedAway('the server refused STARTTLS', reply);
    observed.capabilities = {};
    // Whatever came behind the 220 came in the clear, and would be taken for the server's word
    // under TLS (CVE-2011-0411).
    observed.injection = this.#conversation.discard();
    try {
      await this.tls();
    } catch (error) {
      // What came a moment too late to be discarded went into the handshake, and broke it.
      if (error instanceof TlsFailure && error.kind === 'plaintext') observed.injection = true;
      throw error;
    }
  }

  async tls(): Promise<void> {
    const { observed } = this.#transcript;
    observed.stage = 'tls';
    this.#transcript.awaiting = 'handshake';
    const { tls, socket } = await this.#conversation.secure(this.#options.secure);
    observed.tls = tls;
    // The one trace of a CertificateRequest: it says which signatures the server would accept.
    this.#transcript.certificateRequested = socket.getSharedSigalgs().length > 0;
  }

  noteClearOffers(): void {
    const { observed } = this.#transcript;
    observed.clearAuth = observed.auth;
    observed.startTls = 'STARTTLS' in observed.capabilities;
  }

  async #command(verb: Awaited, parameters: string = ''): Promise<Reply> {
    this.#transcript.awaiting = verb;
    return this.#note(
      await this.#conversation.command(`${verb}${parameters}`, this.#options.signal),
    );
  }

  #note(reply: Reply): Reply {
    const { code, enhanced } = reply;
    this.#transcript.observed.reply = { code, enhanced, text: replyText(reply) };
    return reply;
  }
}

function isPositive(reply: Reply): boolean {
  return reply.code >= 200 && reply.code < 300;
}

/** RFC 5321 §3.2 for servers that don't know EHLO; 521, 554 and 556 mean that there is no service. */
function mayKnowHelo(reply: Reply): boolean {
  return reply.code >= 500 && ![521, 554, 556].includes(reply.code);
}
