/** CRAM-MD5 (RFC 2195). Weak by today's standards; here it goes over TLS anyway. */
import { createHmac } from 'node:crypto';
import { type Credentials, challengeOf, type SaslDialogue, SaslFailure } from './dialogue.ts';

export async function* cramMd5({ username, secret }: Credentials): SaslDialogue {
  const challenge = challengeOf(yield null);
  // An answer to an empty challenge could be replayed.
  if (challenge.length === 0) {
    throw new SaslFailure('unusable', 'the server sent an empty challenge');
  }
  const digest = createHmac('md5', secret).update(challenge).digest('hex');
  yield { bytes: Buffer.from(`${username} ${digest}`), secret: true, proofs: [digest] };
}
