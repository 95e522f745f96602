/**
 * Well-behaved submission servers, on the package `smtp-server`: an implementation of SMTP that is
 * not ours, so that we do not test our own reading of the RFCs against itself.
 */
import type { Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { SMTPServer } from 'smtp-server';
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js';
import { type MutableConversation, Transcript } from './conversation.ts';
import { Delays } from './delays.ts';
import { type Endpoint, listen, type Stoppable } from './loopback.ts';

export interface SmtpServerOptions {
  readonly encryption: 'tls' | 'starttls' | 'none';
  /** SASL mechanisms in the order of the EHLO reply; default PLAIN and LOGIN; none: no AUTH at all. */
  readonly auth?: readonly string[];
  /** With STARTTLS, offer AUTH before it too. Default false. */
  readonly clearAuth?: boolean;
  /** The server's name in banner and EHLO. */
  readonly hostname: string;
  readonly banner?: string;
  /** Before the banner and before each reply. */
  readonly delayMs?: number;
  /** User names and passwords, or tokens, that are let in. */
  readonly users?: Readonly<Record<string, string>>;
  /** Key, certificate, versions and ciphers. */
  readonly tls: SecureContextOptions;
  /** What it is called in transcripts. */
  readonly name?: string;
  readonly address?: string;
}

export interface SmtpServer extends Endpoint, Stoppable {
  readonly transcript: Transcript;
}

export async function startSmtpServer(options: SmtpServerOptions): Promise<SmtpServer> {
  const transcript = new Transcript(options.name ?? options.hostname);
  const delays = new Delays();
  const server = new LabServer(options, transcript, delays);
  server.on('error', () => {}); // Clients that hang up, or do not like the certificate.
  const endpoint = await listen(server.server, options.address);
  return {
    ...endpoint,
    transcript,
    stop() {
      delays.clear();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

class LabServer extends SMTPServer {
  readonly lab: SmtpServerOptions;
  readonly delays: Delays;
  readonly #transcript: Transcript;

  constructor(lab: SmtpServerOptions, transcript: Transcript, delays: Delays) {
    const { encryption, auth = ['PLAIN', 'LOGIN'], users = {} } = lab;
    super({
      ...lab.tls,
      name: lab.hostname,
      ...(lab.banner === undefined ? {} : { banner: lab.banner }),
      secure: encryption === 'tls',
      hideSTARTTLS: encryption !== 'starttls',
      hideENHANCEDSTATUSCODES: false,
      allowInsecureAuth: encryption === 'none' || lab.clearAuth === true,
      authMethods: [...auth],
      disabledCommands: [
        ...(auth.length === 0 ? ['AUTH'] : []),
        ...(encryption === 'starttls' ? [] : ['STARTTLS']),
      ],
      disableReverseLookup: true, // It would leave the machine.
      logger: false,
      closeTimeout: 1,
      onConnect: (_session, done) => delays.after(lab.delayMs ?? 0, done),
      onAuth: ({ username = '', password, accessToken = password }, _session, done) => {
        const known = accessToken !== undefined && users[username] === accessToken;
        if (known) done(null, { user: username });
        else done(Object.assign(new Error('5.7.8 bad credentials'), { responseCode: 535 }));
      },
    });
    this.lab = lab;
    this.delays = delays;
    this.#transcript = transcript;
  }

  override connect(socket: Socket, details?: { id: string }): void {
    const conversation = this.#transcript.begin();
    const connection = new LabConnection(this, socket, details, conversation);
    this.connections.add(connection);
    connection.on('error', () => {});
    socket.on('close', () => conversation.end());
    connection.init();
  }
}

class LabConnection extends SMTPConnection {
  readonly #server: LabServer;
  readonly #conversation: MutableConversation;

  constructor(
    server: LabServer,
    socket: Socket,
    details: { id: string } | undefined,
    conversation: MutableConversation,
  ) {
    super(server, socket, details);
    this.#server = server;
    this.#conversation = conversation;
  }

  /** As the original, without its wait of 100 ms for clients that talk too early. */
  override init(): void {
    this._setListeners(() => this.connectionReady());
  }

  /** The original shows AUTH before STARTTLS, too. */
  override _isSupported(command: string): boolean {
    const { encryption, clearAuth } = this.#server.lab;
    const hidden = command === 'AUTH' && encryption === 'starttls' && !clearAuth && !this.secure;
    return !hidden && super._isSupported(command);
  }

  override _onCommand(command: Buffer, callback?: () => void): void {
    this.#conversation.add('client', command.toString('latin1'), this.secure);
    this.#server.delays.after(this.#server.lab.delayMs ?? 0, () =>
      super._onCommand(command, callback),
    );
  }

  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    this.#conversation.add('server', `${code} ${[data].flat().join(' | ')}`, this.secure);
    super.send(code, data, context);
  }
}
