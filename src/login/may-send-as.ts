/**
 * After a login, MAIL FROM and RCPT TO its own address, to learn whether it may send as that: many
 * servers judge the sender only once there is a recipient. RSET takes both back. Pure.
 */
import { toALabels } from '../model/domain.ts';
import { type Reply, replyText } from '../smtp/reply.ts';

/** Nothing that could end the path or the line (RFC 5321 §4.1.2, RFC 6531 §3.3). */
const LOCAL_PART = /^(?:[^\s"<>\\@\p{Control}]+|"(?:[^"\\\p{Control}]|\\[ -~])*")$/u;

export interface SenderCommands {
  readonly mail: string;
  readonly rcpt: string;
}

/**
 * The commands that ask, or null when this server can't be asked about this address.
 * @param keywords of the EHLO reply
 */
export function senderCommands(
  address: string,
  keywords: Readonly<Record<string, string>>,
): SenderCommands | null {
  const at = address.lastIndexOf('@');
  const localPart = address.slice(0, at);
  const domain = toALabels(address.slice(at + 1));
  if (at === -1 || domain === null || !LOCAL_PART.test(localPart)) return null;
  const isAscii = /^[ -~]*$/.test(localPart);
  if (!isAscii && !('SMTPUTF8' in keywords)) return null;
  const path = `<${localPart}@${domain}>`;
  return { mail: `MAIL FROM:${path}${isAscii ? '' : ' SMTPUTF8'}`, rcpt: `RCPT TO:${path}` };
}

/** The replies, as far as they came. */
export interface SenderReplies {
  readonly mail: Reply | null;
  readonly rcpt: Reply | null;
}

export interface SenderVerdict {
  /** Null when what was said is about something else: a pause, a quota, the recipient, our syntax. */
  readonly may: boolean | null;
  /** The reply that says so. */
  readonly reply: Reply | null;
}

export function judgeSender({ mail, rcpt }: SenderReplies): SenderVerdict {
  if (mail && refusesAtMail(mail)) return { may: false, reply: mail };
  if (!mail || !isPositive(mail) || !rcpt) return { may: null, reply: mail };
  if (isPositive(rcpt)) return { may: true, reply: rcpt };
  return { may: refusesSenderAtRcpt(rcpt) ? false : null, reply: rcpt };
}

function isPositive({ code }: Reply): boolean {
  return code >= 200 && code < 300;
}

/** Policy, or no such sender (RFC 3463 §3.8, §3.2). */
function isAboutSender({ enhanced }: Reply): boolean {
  return Boolean(enhanced?.startsWith('5.7.')) || enhanced === '5.1.7' || enhanced === '5.1.8';
}

function refusesAtMail(reply: Reply): boolean {
  if (reply.code < 500) return false;
  return isAboutSender(reply) || [550, 551, 553, 554].includes(reply.code);
}

const SENDER = /\b(?:senders?|send as|sending as|from|on behalf|owned|owner)\b/i;
const RECIPIENT =
  /\brelay|recipient|rcpt|(?:user|mailbox|address) unknown|unknown user|no such user/i;
/** Addresses of recipients (RFC 3463 §3.2). */
const RECIPIENT_CODE = /^5\.1\.(?:[1-6]|10)$/;

/** The recipient is the same address, and may be refused for its own sake. */
function refusesSenderAtRcpt(reply: Reply): boolean {
  const { code, enhanced } = reply;
  if (code < 500 || RECIPIENT_CODE.test(enhanced ?? '')) return false;
  // An address that is quoted may hold any word.
  const text = replyText(reply, 2000).replace(/<[^>]*>|\S+@\S+/g, '');
  if (RECIPIENT.test(text)) return false;
  return code === 553 || (isAboutSender(reply) && SENDER.test(text));
}
