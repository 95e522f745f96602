/** A submission server on loopback that lets one password and one token in, and takes mail. */
import { SMTPServer } from 'smtp-server';
import { type CertificateChoice, issueFor } from '../../lab/certificate-choice.ts';
import { listen } from '../../lab/loopback.ts';

export const PASSWORD = 'the secret';
export const TOKEN = 'the-token';

export interface Mailbox {
  readonly port: number;
  /** Who signed in, and how. */
  readonly logins: { readonly username: string; readonly overTls: boolean }[];
  /** Senders of the messages that arrived. */
  readonly senders: string[];
  stop(): Promise<void>;
}

export interface MailboxOptions {
  readonly encryption: 'tls' | 'starttls' | 'none';
  readonly auth: readonly string[];
  readonly certificate?: CertificateChoice;
}

/** Named `localhost`, as its certificate says. */
export async function startMailbox(options: MailboxOptions): Promise<Mailbox> {
  const { encryption, auth, certificate } = options;
  const logins: Mailbox['logins'] = [];
  const senders: string[] = [];
  const server = new SMTPServer({
    ...(await issueFor('localhost', certificate)),
    name: 'localhost',
    secure: encryption === 'tls',
    hideSTARTTLS: encryption !== 'starttls',
    allowInsecureAuth: encryption === 'none',
    authMethods: [...auth],
    disabledCommands: encryption === 'starttls' ? [] : ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 1,
    onAuth({ username = '', password, accessToken, validatePassword }, { secure }, done) {
      const good = accessToken === TOKEN || password === PASSWORD || validatePassword(PASSWORD);
      if (!good) return done(Object.assign(new Error('5.7.8 no'), { responseCode: 535 }));
      logins.push({ username, overTls: secure });
      done(null, { user: username });
    },
    onData(stream, { envelope }, done) {
      stream.resume().on('end', () => {
        senders.push(envelope.mailFrom === false ? '' : envelope.mailFrom.address);
        done(null);
      });
    },
  });
  server.on('error', () => {}); // Clients that do not like the certificate.
  const { port } = await listen(server.server);
  return {
    port,
    logins,
    senders,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}
