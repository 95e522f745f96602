/** What was said on one connection to a lab server. */
export interface Conversation {
  /** The server as the scenario calls it, such as `smtp.example.com:465`. */
  readonly server: string;
  readonly lines: readonly Line[];
  readonly open: boolean;
}

export interface Line {
  readonly by: 'client' | 'server';
  readonly text: string;
  /** Said over TLS. */
  readonly secure: boolean;
}

/** All conversations with one server. */
export class Transcript {
  readonly conversations: MutableConversation[] = [];
  readonly #server: string;
  #open = 0;
  #mostAtOnce = 0;

  constructor(server: string) {
    this.#server = server;
  }

  /** The most connections that were open at one time. */
  get mostAtOnce(): number {
    return this.#mostAtOnce;
  }

  begin(): MutableConversation {
    const conversation = new MutableConversation(this.#server, () => {
      this.#open--;
    });
    this.conversations.push(conversation);
    this.#open++;
    this.#mostAtOnce = Math.max(this.#mostAtOnce, this.#open);
    return conversation;
  }

  forget(): void {
    this.conversations.length = 0;
    this.#mostAtOnce = this.#open;
  }
}

export class MutableConversation implements Conversation {
  readonly server: string;
  readonly lines: Line[] = [];
  readonly #ended: () => void;
  #open = true;

  constructor(server: string, ended: () => void) {
    this.server = server;
    this.#ended = ended;
  }

  get open(): boolean {
    return this.#open;
  }

  add(by: Line['by'], text: string, secure: boolean): void {
    for (const line of text.replace(/\r?\n$/, '').split(/\r?\n/))
      this.lines.push({ by, text: line, secure });
  }

  end(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#ended();
  }
}
