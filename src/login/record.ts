/** What was tried, and the result that follows from it: the only place that words a login. */
import { printable } from '../model/printable.ts';
import { isConclusive } from '../sasl/index.ts';
import type { Reply } from '../smtp/reply.ts';
import type { AuthProgress } from './exchange.ts';
import { judgeMailReply } from './may-send-as.ts';
import type { Pair, Tried } from './plan.ts';
import type { Confidential } from './redaction.ts';
import type { LoginOutcome, LoginResult } from './result.ts';
import type { LoginHint } from './verdict.ts';

interface Entry extends Tried {
  readonly reply: string | null;
  readonly hint: LoginHint | null;
  /** Safe to show. */
  readonly why: string;
}

/** Of an exchange that ended with a reply, and may have been complained about before. */
export type Progress = Readonly<AuthProgress>;

export class LoginRecord {
  readonly #hidden: Confidential;
  readonly #secret: string;
  readonly #entries: Entry[] = [];
  /** Attempts that are in no entry, since they ended everything. */
  #more = 0;

  constructor(hidden: Confidential, secret: string) {
    this.#hidden = hidden;
    this.#secret = secret;
  }

  get tried(): readonly Tried[] {
    return this.#entries;
  }

  /** The server said no to the credentials: it may count that, whatever was sent. */
  addRefusal(pair: Pair, reply: Reply, hint: LoginHint | null, { complaint }: Progress): void {
    const word = complaint === null ? null : this.#hidden.quote(complaint, 40);
    this.#entries.push({
      ...pair,
      became: 'refused',
      counted: true,
      reply: this.#show(reply),
      hint,
      why: word === null ? '' : ` (${word})`,
    });
  }

  /** @param why without text from the server */
  addUnusable(pair: Pair, why: string, reply: Reply | null, { secretSent }: Progress): void {
    this.#entries.push({
      ...pair,
      became: 'unusable',
      counted: secretSent,
      reply: reply && this.#show(reply),
      hint: null,
      why,
    });
  }

  /** @param mail the reply to MAIL FROM, if that was asked */
  accepted(pair: Pair, reply: Reply, mail: Reply | null): LoginResult {
    this.#more++;
    const maySendAs = mail && judgeMailReply(mail);
    const but =
      mail && maySendAs === false ? `, which may not send as the address: ${this.#show(mail)}` : '';
    return this.#result('accepted', `the server accepted ${this.#name(pair)}${but}`, {
      ...pair,
      maySendAs,
      reply: this.#show(reply),
    });
  }

  /** There is nothing left to try, or no use in it. */
  exhausted(then: string = ''): LoginResult {
    const refused = this.#entries.filter(({ became }) => became === 'refused');
    const [first] = refused;
    // The surest answer about the likeliest name, unless one says more.
    const telling =
      refused.find(({ hint }) => hint !== null) ??
      refused.findLast(({ username }) => username === first?.username);
    if (telling) {
      const names = refused.map((entry) => this.#name(entry)).join(', ');
      const reason = `the server refused the login: ${names}${telling.why}: ${telling.reply}${then}`;
      return this.#result('refused', reason, telling);
    }
    const sent = this.#entries.findLast(({ counted }) => counted);
    const last = sent ?? this.#entries.at(-1);
    const reply = last?.reply ?? null;
    const reason = `${last?.why ?? 'nothing was tried'}${reply === null ? '' : `: ${reply}`}`;
    if (sent) return this.#result('refused', reason + then, sent);
    return this.#result('not-tried', reason + then, { reply });
  }

  /** The server asked to come back later. Null for the pair when nothing was being tried. */
  temporary(pair: Pair | null, reply: Reply, progress?: Progress): LoginResult {
    if (progress?.secretSent) this.#more++;
    const shown = this.#show(reply);
    const reason = `the server can't say now: ${shown}${this.#before()}`;
    return this.#result('temporary', reason, { ...(pair ?? this.#entries.at(-1)), reply: shown });
  }

  /** No last word on what was sent. @param why may hold text from the server */
  silent(pair: Pair, why: string): LoginResult {
    this.#more++;
    return this.#result('temporary', this.#quote(why) + this.#before(), { ...pair, reply: null });
  }

  /** The server let us in, and is not what it should be. */
  impostor(pair: Pair, why: string, { secretSent }: Progress): LoginResult {
    if (secretSent) this.#more++;
    return this.#result('refused', `${why} (${this.#name(pair)})`, { ...pair, reply: null });
  }

  /**
   * No connection on which something secret may be sent.
   * @param why may hold text from the server
   * @param temporary the server asked to come back later
   */
  noSession(why: string, temporary: boolean, hint: LoginHint | null = null): LoginResult {
    const reason = this.#quote(why);
    if (this.#entries.length === 0) {
      return this.#result(temporary ? 'temporary' : 'not-tried', reason, { hint });
    }
    const sure = this.#entries.some(
      ({ became, mechanism }) => became === 'refused' && isConclusive(mechanism),
    );
    if (sure && !temporary) return this.exhausted(`; then ${reason}`);
    const sent = this.#entries.findLast(({ counted }) => counted);
    if (!sent && !temporary) return this.#result('not-tried', reason, {});
    // What was refused so far does not tell the whole.
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

  #before(): string {
    const last = this.#entries.findLast(({ became }) => became === 'refused');
    return last ? `, after it had refused ${this.#name(last)}: ${last.reply}` : '';
  }

  #name({ mechanism, username }: Pair): string {
    return username === this.#secret ? mechanism : `${mechanism} as ${printable(username, 100)}`;
  }

  #show({ code, enhanced, lines }: Reply): string {
    const text =
      this.#hidden.quote(lines.join(' '), 300) ?? '(text withheld: it may repeat the secret)';
    return [String(code), enhanced ?? '', text].filter(Boolean).join(' ');
  }

  /** Before anything was sent, nobody can repeat it. */
  #quote(text: string): string {
    if (this.#attempts === 0) return text;
    return this.#hidden.quote(text, 300) ?? 'the reason is withheld: it may repeat the secret';
  }
}
