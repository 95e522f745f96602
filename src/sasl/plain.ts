/** The mechanisms that hand over the password as it is: PLAIN (RFC 4616) and LOGIN. */
import type { Credentials, SaslDialogue } from './dialogue.ts';

/** Sent as given: it's the server that prepares what it compares (RFC 4616 §2). */
export async function* plain({ username, secret }: Credentials): SaslDialogue {
  yield { bytes: Buffer.from(`\0${username}\0${secret}`), secret: true };
}

/**
 * LOGIN never became a standard (draft-murchison-sasl-login): two prompts, of which only the order
 * can be relied on. The wording differs, and some servers forget to encode it.
 */
export async function* login({ username, secret }: Credentials): SaslDialogue {
  yield null;
  const asked = yield { bytes: Buffer.from(username), secret: false };
  if (asked.kind === 'success') return;
  yield { bytes: Buffer.from(secret), secret: true };
}
