/**
 * SCRAM (RFC 5802) with SHA-1 and SHA-256 (RFC 7677), without channel binding: the password stays
 * here, and the server proves that it knows it too.
 */
import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import {
  type Credentials,
  challengeOf,
  decodeBase64,
  emptyMessage,
  type SaslDialogue,
  SaslFailure,
  type ServerMessage,
  saslName,
} from './dialogue.ts';
import { saslPrep } from './saslprep.ts';

type Hash = 'sha1' | 'sha256';

/** No channel binding, no other identity to act as. */
const GS2_HEADER = 'n,,';
/** RFC 5802 §5.1 and RFC 7677 §4: fewer make the password easy to guess from what we send. */
const MIN_ITERATIONS = 4096;
/** Half a second of work; a server that asks for more attacks the client. */
const MAX_ITERATIONS = 1_000_000;

const deriveKey = promisify(pbkdf2);

/**
 * @param makeNonce printable characters without a comma; given only to repeat a known exchange
 */
export function scram(
  hash: Hash,
  makeNonce: () => string = () => randomBytes(24).toString('base64'),
): (credentials: Credentials) => SaslDialogue {
  return (credentials) => converse(hash, credentials, makeNonce());
}

async function* converse(
  hash: Hash,
  { username, secret }: Credentials,
  nonce: string,
): SaslDialogue {
  const name = prepared(username, 'user name');
  const password = prepared(secret, 'password');
  const firstBare = `n=${saslName(name)},r=${nonce}`;
  const serverFirst = challengeOf(
    yield { bytes: Buffer.from(GS2_HEADER + firstBare), secret: false },
  ).toString();

  const serverError = errorIn(serverFirst);
  if (serverError !== null) {
    expectRefusal(yield { ...emptyMessage, serverError });
    return;
  }
  const { fullNonce, salt, iterations } = parseServerFirst(serverFirst, nonce);
  const withoutProof = `c=${Buffer.from(GS2_HEADER).toString('base64')},r=${fullNonce}`;
  const authMessage = `${firstBare},${serverFirst},${withoutProof}`;
  const { proof, signature } = await prove(hash, password, salt, iterations, authMessage);

  const clientFinal = `${withoutProof},p=${proof}`;
  const last = yield { bytes: Buffer.from(clientFinal), secret: true, proofs: [clientFinal] };
  const serverFinal = finalMessage(last);
  const refusal = errorIn(serverFinal);
  if (refusal !== null) {
    expectRefusal(yield { ...emptyMessage, serverError: refusal });
    return;
  }
  checkSignature(serverFinal, signature);
  // SMTP knows no data with success (RFC 4954 §4): the signature came as a challenge, which
  // wants an answer.
  if (last.kind === 'challenge') yield emptyMessage;
}

/** RFC 5802 §2.2. */
function prepared(text: string, what: string): string {
  const result = saslPrep(text);
  if (result) return result;
  throw new SaslFailure('unusable', `the ${what} has characters that SCRAM does not allow`);
}

interface ServerFirst {
  readonly fullNonce: string;
  readonly salt: Buffer;
  readonly iterations: number;
}

// Extensions may follow; a mandatory one (`m=`) would stand in front, and we know none.
const SERVER_FIRST = /^r=([!-+\--~]+),s=([A-Za-z0-9+/=]+),i=([1-9]\d{0,8})(?:,|$)/;

function parseServerFirst(text: string, nonce: string): ServerFirst {
  const [, fullNonce = '', encodedSalt = '', count = ''] = SERVER_FIRST.exec(text) ?? [];
  const salt = decodeBase64(encodedSalt);
  if (!salt || salt.length === 0) {
    throw new SaslFailure('unusable', 'the server sent a challenge that is not SCRAM');
  }
  // Else the message may come from a recorded exchange.
  if (!fullNonce.startsWith(nonce) || fullNonce.length === nonce.length) {
    throw new SaslFailure('unusable', 'the server did not take up our nonce');
  }
  const iterations = Number(count);
  if (iterations < MIN_ITERATIONS || iterations > MAX_ITERATIONS) {
    throw new SaslFailure('unusable', `the server wants ${iterations} iterations`);
  }
  return { fullNonce, salt, iterations };
}

/** RFC 5802 §3. */
async function prove(
  hash: Hash,
  password: string,
  salt: Buffer,
  iterations: number,
  authMessage: string,
): Promise<{ proof: string; signature: Buffer }> {
  const hmac = (key: Buffer, text: string): Buffer => createHmac(hash, key).update(text).digest();
  const { length } = createHash(hash).digest();
  const salted = await deriveKey(password, salt, iterations, length, hash);
  const clientKey = hmac(salted, 'Client Key');
  const storedKey = createHash(hash).update(clientKey).digest();
  const clientSignature = hmac(storedKey, authMessage);
  const proof = Buffer.from(clientKey.map((byte, i) => byte ^ (clientSignature[i] ?? 0)));
  return {
    proof: proof.toString('base64'),
    signature: hmac(hmac(salted, 'Server Key'), authMessage),
  };
}

/** Some servers put the server-final-message, encoded, into the 235 reply. */
function finalMessage(message: ServerMessage): string {
  if (message.kind === 'challenge') return challengeOf(message).toString();
  const [first = ''] = (message.data?.toString() ?? '').trim().split(/\s/, 1);
  return decodeBase64(first)?.toString() ?? '';
}

function checkSignature(serverFinal: string, expected: Buffer): void {
  const [, encoded = ''] = /^v=([A-Za-z0-9+/=]+)(?:,|$)/.exec(serverFinal) ?? [];
  const signature = decodeBase64(encoded);
  if (signature?.length === expected.length && timingSafeEqual(signature, expected)) return;
  throw new SaslFailure(
    'server-not-authenticated',
    'the server did not prove that it knows the password',
  );
}

/** RFC 5802 §7, `server-error`. */
function errorIn(serverMessage: string): string | null {
  const [, value = null] = /^e=([\w-]{1,40})(?:,|$)/.exec(serverMessage) ?? [];
  return value;
}

/** After an error the server has to refuse the login. */
function expectRefusal(message: ServerMessage): void {
  if (message.kind === 'success') {
    throw new SaslFailure('server-not-authenticated', 'the server let us in after an error');
  }
}
