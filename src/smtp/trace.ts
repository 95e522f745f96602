/**
 * A conversation for those who want to read along, as `curl -v` and swaks show it. What is secret is
 * taken out here, before anybody sees a line.
 */
import type { Endpoint } from '../model/endpoint.ts';
import { printable } from '../model/printable.ts';
import type { TlsFacts } from '../net/network.ts';
import { certificateTrouble } from '../net/tls/certificate-trouble.ts';

/** What we know, what the server said, what we said. */
export type TraceKind = 'fact' | 'received' | 'sent';

/** Takes the lines of one conversation, in their order. If it throws, it gets no more of them. */
export interface TraceSink {
  /** @param lines safe to show; those of one reply come together */
  add(kind: TraceKind, lines: readonly string[]): void;
  /** Nothing more comes. */
  end(): void;
}

/** Called when a conversation begins, or fails to. */
export type TraceListener = (server: Endpoint) => TraceSink;

const HIDDEN = '********';
const MAX_LINE = 1000; // characters
const MAX_NAMES = 6;

/** @returns null where nobody reads along */
export function startTrace(listener: TraceListener | undefined, server: Endpoint): Trace | null {
  return listener ? new Trace(() => listener(server)) : null;
}

export class Trace {
  /** Null once it has failed: what a reader does changes nothing of what is found. */
  #sink: TraceSink | null = null;
  /** Between AUTH and the server's last word on it, each line is base64 of something secret. */
  #isAuthenticating = false;
  #hasEnded = false;

  constructor(open: () => TraceSink) {
    this.#tell(() => {
      const sink = open();
      this.#sink = sink;
      return sink;
    });
  }

  connected({ host, port }: Endpoint, address: string): void {
    // Behind a proxy, which alone knows the address, it is the host's name.
    const place = address === host ? host : `${host} (${address})`;
    this.#add('fact', [`Connected to ${place} port ${port}`]);
  }

  /** Where there was no connection, and why. */
  notConnected({ host, port }: Endpoint, error: unknown): void {
    this.#add('fact', [`Connecting to ${host} port ${port}`]);
    this.failed(error);
    this.end();
  }

  /** What the handshake has shown. */
  secured({ protocol, cipher, certificate }: TlsFacts): void {
    const facts = [`${protocol.replace(/^TLSv/, 'TLS ')}, ${cipher}`];
    if (certificate) {
      const { names, issuer, validFrom, validTo } = certificate;
      const more = names.length > MAX_NAMES ? [`${names.length - MAX_NAMES} more`] : [];
      const shown = [...names.slice(0, MAX_NAMES), ...more].join(', ') || 'no name';
      const dates = `${validFrom.slice(0, 10)} to ${validTo.slice(0, 10)}`;
      facts.push(`Certificate for ${shown}, from ${issuer}, ${dates}`);
    }
    const trouble = certificateTrouble(certificate);
    facts.push(trouble === null ? 'Certificate verified' : `Not verified: ${trouble}`);
    this.#add('fact', facts);
  }

  /** What ended the conversation before its time. */
  failed(error: unknown): void {
    const isLeft = error instanceof DOMException && error.name === 'AbortError';
    const message = error instanceof Error ? error.message : String(error);
    this.#add('fact', [isLeft ? 'No longer needed' : message]);
  }

  sent(line: string): void {
    const [command] = /^AUTH \S+/i.exec(line) ?? [];
    const isPayload = this.#isAuthenticating && command === undefined && line !== '*';
    this.#isAuthenticating ||= command !== undefined;
    if (isPayload) this.#add('sent', [HIDDEN]);
    else if (command === undefined || command === line) this.#add('sent', [line]);
    else this.#add('sent', [`${command} ${HIDDEN}`]);
  }

  /** @param lines of a reply, as they came */
  received(lines: readonly string[]): void {
    if (lines.length === 0) return;
    this.#isAuthenticating &&= lines.every((line) => line.startsWith('334'));
    this.#add('received', this.#isAuthenticating ? lines.map(hidden) : lines);
  }

  end(): void {
    if (!this.#hasEnded) this.#tell(() => this.#sink?.end());
    this.#hasEnded = true;
  }

  #add(kind: TraceKind, lines: readonly string[]): void {
    if (this.#hasEnded) return;
    const shown = lines.map((line) => printable(line, MAX_LINE));
    this.#tell(() => this.#sink?.add(kind, shown));
  }

  /** An async function's promise may reject, too. */
  #tell(call: () => unknown): void {
    const fail = (): void => {
      this.#sink = null;
    };
    try {
      const result = call();
      if (result instanceof Promise) result.catch(fail);
    } catch {
      fail();
    }
  }
}

/**
 * A listener that is not shown replies which repeat a secret.
 * @param isSecret whether the lines of one reply hold a part of it
 */
export function withoutSecrets(
  listener: TraceListener,
  isSecret: (lines: readonly string[]) => boolean,
): TraceListener {
  return (server) => {
    const sink = listener(server);
    // Of a listener that is async by mistake: no sink, and it may reject.
    if (sink instanceof Promise) return sink;
    return {
      add(kind, lines) {
        return sink.add(kind, isSecret(lines) ? lines.map(hidden) : lines);
      },
      end: () => sink.end(),
    };
  };
}

/** The code of a reply stays. */
function hidden(line: string): string {
  const [, code = '', text = ''] = /^(\d{3}(?:[ -]|$))?(.*)$/s.exec(line) ?? [];
  return text === '' ? line : code + HIDDEN;
}
