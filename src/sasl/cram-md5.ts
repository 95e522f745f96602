/** CRAM-MD5 (RFC 2195). Worth little as cryptography; here it goes over TLS anyway. */
import { createHmac } from 'node:crypto';
import { type Credentials, challengeOf, type SaslDialogue, SaslFailure } from './dialogue.ts';

export async function* cramMd5({ username, secret }: Credentials): SaslDialogue {
  const challenge = challengeOf(yield null);
  // Without something to vary the answer, anybody could send it again.
  if (challenge.length === 0) {
    throw new SaslFailure('unusable', 'the server sent an empty challenge');
  }
  const digest = createHmac('md5', secret).update(challenge).digest('hex');
  yield { bytes: Buffer.from(`${username} ${digest}`), secret: true, proofs: [digest] };
}
