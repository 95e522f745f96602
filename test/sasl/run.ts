/** Plays the server's side of a SASL dialogue from a list of challenges. */
import type { ClientMessage, Credentials, SaslClient } from '../../src/sasl/dialogue.ts';

export const credentials: Credentials = {
  username: 'user',
  secret: 'pencil',
  host: 'server.example.com',
  port: 587,
};

export interface Played {
  /** What the client said, null where it said nothing; as text. */
  readonly said: readonly (string | null)[];
  readonly messages: readonly (ClientMessage | null)[];
}

/** @param words challenges; null for one that is no base64, `{ success }` for the end */
export async function play(
  mechanism: SaslClient,
  words: readonly (string | null | { readonly success: string })[],
  given: Partial<Credentials> = {},
): Promise<Played> {
  const dialogue = mechanism({ ...credentials, ...given });
  const messages: (ClientMessage | null)[] = [];
  const take = (step: IteratorResult<ClientMessage | null, void>): void => {
    messages.push(step.done ? null : step.value);
  };
  take(await dialogue.next());
  for (const word of words) {
    take(
      await dialogue.next(
        word !== null && typeof word === 'object'
          ? { kind: 'success', data: Buffer.from(word.success) }
          : { kind: 'challenge', data: word === null ? null : Buffer.from(word) },
      ),
    );
  }
  return { said: messages.map((message) => message?.bytes.toString() ?? null), messages };
}
