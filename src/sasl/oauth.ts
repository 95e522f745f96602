/** The mechanisms that take an OAuth 2.0 bearer token: OAUTHBEARER (RFC 7628) and XOAUTH2. */
import {
  type ClientMessage,
  type Credentials,
  emptyMessage,
  type SaslDialogue,
  type ServerMessage,
  saslName,
} from './dialogue.ts';

const SOH = '\u0001';
/** More than RFC 6750 §2.1 allows, and nothing that could end the field. */
const TOKEN = /^[!-~]+$/;

export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** RFC 7628 §3.1: the fields of a bearer token, behind a GS2 header that names the user. */
export async function* oauthBearer(credentials: Credentials): SaslDialogue {
  const { username, secret, host, port } = credentials;
  const answer = yield message([
    `n,a=${saslName(username)},`,
    `host=${host}`,
    `port=${port}`,
    `auth=Bearer ${secret}`,
  ]);
  // The error needs an answer before the server may say no (RFC 7628 §3.2.3).
  if (answer.kind === 'challenge') yield { ...answerTo(answer), bytes: Buffer.from(SOH) };
}

/** Google's forerunner of it, which Microsoft and others took over. */
export async function* xoauth2({ username, secret }: Credentials): SaslDialogue {
  const answer = yield message([`user=${username}`, `auth=Bearer ${secret}`]);
  if (answer.kind === 'challenge') yield answerTo(answer);
}

function message(fields: readonly string[]): ClientMessage {
  return { bytes: Buffer.from(fields.join(SOH) + SOH + SOH), secret: true };
}

/** An empty message, with the `status` of the server's error (JSON). */
function answerTo({ data }: ServerMessage): ClientMessage {
  try {
    const error: unknown = JSON.parse(data?.toString() ?? '');
    if (typeof error !== 'object' || error === null || !('status' in error)) return emptyMessage;
    const { status } = error;
    return typeof status === 'string' && /^[\w-]{1,40}$/.test(status)
      ? { ...emptyMessage, serverError: status }
      : emptyMessage;
  } catch {
    return emptyMessage;
  }
}
