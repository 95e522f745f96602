/** A server that says exactly what a script tells it to, for everything a correct one never would. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createSecureContext, type SecureContextOptions, TLSSocket } from 'node:tls';
import { Transcript } from './conversation.ts';
import { Delays } from './delays.ts';
import { type Endpoint, listen, type Stoppable } from './loopback.ts';

/** The client, as a script sees it. */
export interface Peer {
  /** Whether TLS is on. */
  readonly secure: boolean;
  /** Sends lines, each ended with CRLF, in one write. */
  send(...lines: string[]): void;
  /** Sends bytes as they are. */
  sendRaw(bytes: string | Buffer): void;
  /** The client's next line without its end; null when it has gone. */
  line(): Promise<string | null>;
  /** Becomes the server's side of TLS. What arrived before is kept apart from it, and dropped. */
  startTls(): Promise<void>;
  /** Never ends when the server is stopped. */
  pause(ms: number): Promise<void>;
  /** Ends the connection politely. */
  end(): void;
  /** Ends the connection at once. */
  destroy(): void;
}

/** When it returns, the connection is ended. To hang, `await peer.line()` or `peer.pause(…)`. */
export type Script = (peer: Peer) => Promise<void>;

export interface ScriptedServerOptions {
  readonly script: Script;
  /** For `startTls` and implicit TLS. */
  readonly tls?: SecureContextOptions;
  /** TLS from the first byte. */
  readonly implicit?: boolean;
  /** What it is called in transcripts. */
  readonly name?: string;
  readonly address?: string;
}

export interface ScriptedServer extends Endpoint, Stoppable {
  readonly transcript: Transcript;
}

export async function startScriptedServer(options: ScriptedServerOptions): Promise<ScriptedServer> {
  const context = options.tls && createSecureContext(options.tls);
  const transcript = new Transcript(options.name ?? 'scripted');
  const delays = new Delays();
  const top = new Set<Socket>();

  const server = createServer((raw) => void converse(raw));

  async function converse(raw: Socket): Promise<void> {
    const conversation = transcript.begin();
    raw.on('error', () => {});
    let socket: Socket = raw;
    let input = readLines(socket);
    top.add(socket);
    raw.on('close', () => {
      conversation.end();
      top.delete(socket);
    });

    const peer: Peer = {
      get secure() {
        return socket instanceof TLSSocket;
      },
      send: (...lines) => peer.sendRaw(lines.map((line) => `${line}\r\n`).join('')),
      sendRaw(bytes) {
        conversation.add(
          'server',
          typeof bytes === 'string' ? bytes : bytes.toString('latin1'),
          peer.secure,
        );
        if (socket.writable) socket.write(bytes);
      },
      async line() {
        const line = await input.next();
        if (line !== null) conversation.add('client', line, peer.secure);
        return line;
      },
      async startTls() {
        if (!context) throw new Error('the script starts TLS, but the server has no certificate');
        input.stop();
        top.delete(socket);
        const secured = new TLSSocket(socket, { isServer: true, secureContext: context });
        secured.on('error', () => secured.destroy());
        top.add(secured);
        socket = secured;
        input = readLines(secured);
        await Promise.race([once(secured, 'secure'), once(secured, 'close')]);
      },
      pause: (ms) => new Promise((resolve) => delays.after(ms, resolve)),
      end: () => void socket.end(),
      destroy: () => void socket.destroy(),
    };
    try {
      if (options.implicit) await peer.startTls();
      if (!socket.destroyed) await options.script(peer);
    } finally {
      // Half-closed peers would otherwise keep it for ever.
      socket.end(() => delays.after(50, () => socket.destroy()));
    }
  }

  const endpoint = await listen(server, options.address);
  return {
    ...endpoint,
    transcript,
    async stop() {
      delays.clear();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // The socket on top: to pull TLS away from below in mid-handshake can crash Node.
      for (const socket of top) socket.destroy();
      await closed;
    },
  };
}

interface LineReader {
  next(): Promise<string | null>;
  stop(): void;
}

function readLines(socket: Socket): LineReader {
  let buffered = '';
  let ended = false;
  let wake = (): void => {};
  const onData = (chunk: Buffer): void => {
    buffered += chunk.toString('latin1');
    wake();
  };
  const onEnd = (): void => {
    ended = true;
    wake();
  };
  socket.on('data', onData);
  socket.on('end', onEnd);
  socket.on('close', onEnd);
  return {
    async next() {
      for (;;) {
        const end = buffered.indexOf('\n');
        if (end !== -1) {
          const line = buffered.slice(0, end).replace(/\r$/, '');
          buffered = buffered.slice(end + 1);
          return line;
        }
        if (ended) return null;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    stop() {
      socket.off('data', onData);
      socket.off('end', onEnd);
      socket.off('close', onEnd);
      wake();
    },
  };
}
