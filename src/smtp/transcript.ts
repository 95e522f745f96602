/** What a conversation with a server has shown so far; it stays whatever fails next. */
import type { TlsFacts } from '../net/network.ts';

/** How far a conversation came. */
export type Stage = 'resolve' | 'connect' | 'tls' | 'banner' | 'ehlo' | 'starttls' | 'done';

/** What the client waits for. */
export type Awaited = 'banner' | 'EHLO' | 'HELO' | 'STARTTLS' | 'handshake' | 'AUTH' | 'NOOP';

/** What was observed of the server. Filled in as the conversation goes on. */
export interface Observed {
  stage: Stage;
  address: string | null;
  /** The host's other addresses that were tried, and could not be used. */
  badAddresses: readonly string[];
  banner: string | null;
  /** What the server calls itself in the EHLO reply that counts. */
  serverName: string | null;
  /** The keywords of the EHLO reply that counts (after TLS where there is TLS), upper case → parameters. */
  capabilities: Readonly<Record<string, string>>;
  /** SASL mechanisms offered over the endpoint's own encryption, by IANA name, in the server's order. */
  auth: readonly string[];
  /** SASL mechanisms offered in the clear, before STARTTLS or without it. */
  clearAuth: readonly string[];
  /** Whether STARTTLS was offered (null for implicit TLS). */
  startTls: boolean | null;
  /** Plaintext came where the handshake belongs (STARTTLS injection): it was discarded, or broke the handshake. */
  injection: boolean;
  tls: TlsFacts | null;
  /** The last SMTP reply, for explanations. */
  reply: { readonly code: number; readonly enhanced: string | null; readonly text: string } | null;
}

export interface Transcript {
  readonly observed: Observed;
  awaiting: Awaited;
  /** The server asked for a client certificate, which need not mean that it insists. */
  certificateRequested: boolean;
}

export function newTranscript(): Transcript {
  return {
    awaiting: 'banner',
    certificateRequested: false,
    observed: {
      stage: 'resolve',
      address: null,
      badAddresses: [],
      banner: null,
      serverName: null,
      capabilities: {},
      auth: [],
      clearAuth: [],
      startTls: null,
      injection: false,
      tls: null,
      reply: null,
    },
  };
}
