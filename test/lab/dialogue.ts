/** A script in the form of a table, for SMTP servers that are only a little off. */
import type { Peer, Script } from './scripted-server.ts';

export interface Dialogue {
  /** Lines; `null` says nothing and waits. Default `220 lab ESMTP`. */
  readonly banner?: Reply | null;
  /** By verb, in upper case. Verbs without a reply get `502`. */
  readonly replies?: Readonly<Record<string, Reply>>;
  /** Take the place of `replies` once TLS is on. Without them, STARTTLS is not followed by TLS. */
  readonly afterTls?: Readonly<Record<string, Reply>>;
  /** Before the banner and before each reply. */
  readonly delayMs?: number;
}

/** `close` ends the connection, `hang` never answers. */
export type Reply = readonly string[] | 'close' | 'hang';

const OBLIGING: Readonly<Record<string, Reply>> = {
  EHLO: ['250 lab'],
  HELO: ['250 lab'],
  STARTTLS: ['220 go ahead'],
  NOOP: ['250 ok'],
  RSET: ['250 ok'],
  QUIT: ['221 bye'],
};

export function dialogue(table: Dialogue): Script {
  return async (peer) => {
    const first = peer.secure ? (table.afterTls ?? table.replies) : table.replies;
    let replies: Readonly<Record<string, Reply>> = { ...OBLIGING, ...first };
    const answer = async (reply: Reply): Promise<boolean> => {
      if (table.delayMs) await peer.pause(table.delayMs);
      return say(peer, reply);
    };

    const banner = table.banner === undefined ? ['220 lab ESMTP'] : table.banner;
    if (banner && !(await answer(banner))) return;
    for (let line = await peer.line(); line !== null; line = await peer.line()) {
      const verb = line.trim().split(/\s+/, 1)[0]?.toUpperCase() ?? '';
      const reply = replies[verb] ?? ['502 not here'];
      if (!(await answer(reply)) || verb === 'QUIT') return;
      if (verb === 'STARTTLS' && table.afterTls && reply[0]?.startsWith('220')) {
        await peer.startTls();
        replies = { ...OBLIGING, ...table.afterTls };
      }
    }
  };
}

/** @returns whether the conversation goes on */
async function say(peer: Peer, reply: Reply): Promise<boolean> {
  if (reply === 'close') return false;
  if (reply !== 'hang') {
    peer.send(...reply);
    return true;
  }
  while ((await peer.line()) !== null);
  return false;
}
