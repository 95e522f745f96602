/** The attempts of a login, and the result that follows from them, in words. */
import { printable } from '../model/printable.ts';
import { isPlaintextMechanism } from '../sasl/mechanisms.ts';
import type { Reply } from '../smtp/reply.ts';
import type { AuthProgress } from './exchange.ts';
import { judgeSender, type SenderReplies } from './may-send-as.ts';
import type { Pair, Tried } from './plan.ts';
import { type Confidential, WITHHELD } from './redaction.ts';
import type { LoginHint } from './verdict.ts';

export type LoginOutcome =
  | 'accepted'
  /** The server said no to the credentials, or they could not be shown to it in any way it takes. */
  | 'refused'
  /** The server asked to come back later, or fell silent after the secret had been sent. */
  | 'temporary'
  /** Nothing made from the secret was sent. */
  | 'not-tried';

/** What a login came to. Nothing in it ever holds the secret. */
export interface LoginResult {
  readonly outcome: LoginOutcome;
  /** The one that was accepted, or that the outcome is about; null when none was tried. */
  readonly mechanism: string | null;
  /** Likewise; null too when it is the same as the secret. */
  readonly username: string | null;
  /** Whether the server lets the login send as the address; null when that is not known. */
  readonly maySendAs: boolean | null;
  /** The server's final reply, such as `535 5.7.8 Bad credentials`: sanitised, one line. */
  readonly reply: string | null;
  /** Sanitised, one line, no full stop. */
  readonly reason: string;
  readonly hint: LoginHint | null;
  /** How often the server may have counted a login, at most 3. */
  readonly attempts: number;
}

interface Entry extends Tried {
  readonly reply: string | null;
  readonly hint: LoginHint | null;
  /** Safe to show. */
  readonly why: string;
}

export class LoginRecord {
  readonly #confidential: Confidential;
  readonly #secret: string;
  readonly #entries: Entry[] = [];
  /** Attempts without an entry, because they ended the login. */
  #more = 0;
  #next: Pair | null = null;

  constructor(confidential: Confidential, secret: string) {
    this.#confidential = confidential;
    this.#secret = secret;
  }

  get tried(): readonly Tried[] {
    return this.#entries;
  }

  /** What is tried next, if the server lets us. */
  planned(pair: Pair): void {
    this.#next = pair;
  }

  /** The server said no to the credentials: it may count that, whatever was sent. */
  addRefusal(
    pair: Pair,
    reply: Reply,
    hint: LoginHint | null,
    { serverError }: AuthProgress,
  ): void {
    const error = serverError === null ? null : this.#confidential.quote([serverError], 40);
    this.#entries.push({
      ...pair,
      outcome: 'refused',
      counted: true,
      reply: this.#show(reply),
      hint,
      why: error === null ? '' : ` (${error})`,
    });
  }

  /** @param why without text from the server */
  addUnusable(pair: Pair, why: string, reply: Reply | null, { secretSent }: AuthProgress): void {
    this.#entries.push({
      ...pair,
      outcome: 'unusable',
      counted: secretSent,
      reply: reply && this.#show(reply),
      hint: null,
      why,
    });
  }

  /** @param sender what was said to the address, if that was asked */
  accepted(pair: Pair, reply: Reply, sender: SenderReplies): LoginResult {
    this.#more++;
    const { may: maySendAs, reply: said } = judgeSender(sender);
    const but =
      said && maySendAs === false ? `, which may not send as the address: ${this.#show(said)}` : '';
    return this.#result('accepted', `the server accepted ${this.#name(pair)}${but}`, {
      ...pair,
      maySendAs,
      reply: this.#show(reply),
    });
  }

  /** Nothing is left to try, or trying it would be useless. */
  exhausted(then: string = ''): LoginResult {
    const refused = this.#entries.filter(({ outcome }) => outcome === 'refused');
    const [first] = refused;
    // The last refusal of the likeliest name is the most conclusive, unless another gives a hint.
    const decisive =
      refused.find(({ hint }) => hint !== null) ??
      refused.findLast(({ username }) => username === first?.username);
    if (decisive) {
      const names = refused.map((entry) => this.#name(entry)).join(', ');
      const reason = `the server refused the login: ${names}${decisive.why}: ${decisive.reply}${then}`;
      return this.#result('refused', reason, decisive);
    }
    const sent = this.#entries.findLast(({ counted }) => counted);
    const last = sent ?? this.#entries.at(-1);
    const reply = last?.reply ?? null;
    const reason = `${last?.why ?? 'nothing was tried'}${reply === null ? '' : `: ${reply}`}`;
    if (sent) return this.#result('refused', reason + then, sent);
    return this.#result('not-tried', reason + then, { reply });
  }

  /**
   * The server asked to come back later.
   * @param progress null when nothing was being tried
   */
  temporary(pair: Pair, reply: Reply, progress: AuthProgress | null): LoginResult {
    if (progress?.secretSent) this.#more++;
    const shown = this.#show(reply);
    const reason = `the server can't say now: ${shown}`;
    if (this.#isConclusive) return this.exhausted(this.#then(reason, progress));
    const about = progress ? pair : this.#entries.at(-1);
    return this.#result('temporary', reason + this.#before(), { ...about, reply: shown });
  }

  /** The exchange broke off after the secret had been sent. @param why may hold text from the server */
  brokenOff(pair: Pair, why: string, progress: AuthProgress): LoginResult {
    this.#more++;
    const reason = this.#quote(why);
    if (this.#isConclusive) return this.exhausted(this.#then(reason, progress));
    return this.#result('temporary', reason + this.#before(), { ...pair, reply: null });
  }

  /** The server let us in without proving that it knows the credentials. */
  serverNotAuthenticated(pair: Pair, why: string, { secretSent }: AuthProgress): LoginResult {
    if (secretSent) this.#more++;
    return this.#result('refused', `${why} (${this.#name(pair)})`, { ...pair, reply: null });
  }

  /** @param why we don't even connect, in words of our own */
  impossible(why: string): LoginResult {
    return this.#result('not-tried', why, {});
  }

  /**
   * No connection on which something secret may be sent.
   * @param why may hold text from the server
   * @param facts `temporary`: the server asked to come back later
   */
  noConnection(
    why: string,
    { temporary = false, hint = null }: { temporary?: boolean; hint?: LoginHint | null } = {},
  ): LoginResult {
    const reason = this.#quote(why);
    if (this.#entries.length === 0) {
      return this.#result(temporary ? 'temporary' : 'not-tried', reason, { hint });
    }
    if (this.#isConclusive) return this.exhausted(this.#then(reason, null));
    const sent = this.#entries.findLast(({ counted }) => counted);
    if (!sent && !temporary) return this.#result('not-tried', reason, {});
    // The refusals so far are not conclusive.
    return this.#result('temporary', reason + this.#before(), { ...sent, hint: null });
  }

  #result(
    outcome: LoginOutcome,
    reason: string,
    facts: Partial<Pick<LoginResult, 'mechanism' | 'username' | 'maySendAs' | 'reply' | 'hint'>>,
  ): LoginResult {
    const { mechanism = null, username = null, maySendAs = null, reply = null } = facts;
    return {
      outcome,
      mechanism,
      username: username === this.#secret ? null : username,
      maySendAs,
      reply,
      reason,
      hint: facts.hint ?? null,
      attempts: this.#attempts,
    };
  }

  get #attempts(): number {
    return this.#entries.filter(({ counted }) => counted).length + this.#more;
  }

  /**
   * A name was refused for good, since a plaintext mechanism was, or the next name's turn had come.
   * To say `temporary` then would have the user try again, towards a lock-out.
   */
  get #isConclusive(): boolean {
    return this.#entries.some(
      ({ outcome, mechanism, username }) =>
        outcome === 'refused' &&
        (isPlaintextMechanism(mechanism) || (this.#next && this.#next.username !== username)),
    );
  }

  /** What came between the refusal and the next attempt, or the end of that. */
  #then(reason: string, progress: AuthProgress | null): string {
    const next = this.#next;
    const wasTried = this.#entries.some(({ username }) => username === next?.username);
    if (!next || wasTried) return `; then ${reason}`;
    const fate = progress?.secretSent ? 'got no answer' : 'was not tried';
    return `; then ${reason}; ${this.#name(next)} ${fate}`;
  }

  #before(): string {
    const last = this.#entries.findLast(({ outcome }) => outcome === 'refused');
    return last ? `, after it had refused ${this.#name(last)}: ${last.reply}` : '';
  }

  #name({ mechanism, username }: Pair): string {
    return username === this.#secret ? mechanism : `${mechanism} as ${printable(username, 100)}`;
  }

  #show({ code, enhanced, lines }: Reply): string {
    const text = this.#confidential.quote(lines, 300) ?? WITHHELD;
    return [String(code), enhanced ?? '', text].filter(Boolean).join(' ');
  }

  /** A server may know the secret from an earlier login, before anything was sent. */
  #quote(text: string): string {
    return (
      this.#confidential.quote([text], 300) ?? 'the reason is withheld: it may repeat the secret'
    );
  }
}
