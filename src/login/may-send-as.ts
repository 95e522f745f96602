/** MAIL FROM after a login, to learn whether it may send as an address. RSET takes it back. Pure. */
import { toALabels } from '../model/domain.ts';
import type { Reply } from '../smtp/reply.ts';

/** Nothing that could end the path or the line (RFC 5321 §4.1.2, RFC 6531 §3.3). */
const LOCAL_PART = /^(?:[^\s"<>\\@\p{Control}]+|"(?:[^"\\\p{Control}]|\\[ -~])*")$/u;

/**
 * The command that asks, or null when this server can't be asked about this address.
 * @param keywords of the EHLO reply
 */
export function mailCommand(
  address: string,
  keywords: Readonly<Record<string, string>>,
): string | null {
  const at = address.lastIndexOf('@');
  const localPart = address.slice(0, at);
  const domain = toALabels(address.slice(at + 1));
  if (at === -1 || domain === null || !LOCAL_PART.test(localPart)) return null;
  const command = `MAIL FROM:<${localPart}@${domain}>`;
  if (/^[ -~]*$/.test(localPart)) return command;
  return 'SMTPUTF8' in keywords ? `${command} SMTPUTF8` : null;
}

/** What the reply to it says; null when that is about something else: a pause, a quota, our syntax. */
export function judgeMailReply({ code, enhanced }: Reply): boolean | null {
  if (code >= 200 && code < 300) return true;
  if (code < 500) return null;
  // Policy, or no such sender (RFC 3463 §3.8, §3.2).
  if (enhanced?.startsWith('5.7.') || enhanced === '5.1.7' || enhanced === '5.1.8') return false;
  return [550, 551, 553, 554].includes(code) ? false : null;
}
