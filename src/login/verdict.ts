/** Judges a server's final reply to AUTH (RFC 4954 §6, and the texts of big providers). Pure. */
import { type Reply, replyText } from '../smtp/reply.ts';

/** Why a server may refuse a correct password. */
export type LoginHint =
  /** The server takes only passwords made for one program. */
  | 'app-password'
  /** The server takes OAuth 2.0 tokens, and no passwords. */
  | 'oauth2-only'
  /** Sending by SMTP is switched off for the mailbox or the organisation. */
  | 'smtp-auth-disabled';

export type AuthVerdict =
  | { readonly kind: 'accepted' }
  /** The reply says nothing about the credentials; another attempt at once would make it worse. */
  | { readonly kind: 'temporary' }
  /** This mechanism can't be used here, with whatever credentials. */
  | { readonly kind: 'unusable' }
  | {
      readonly kind: 'refused';
      readonly hint: LoginHint | null;
      /** Another mechanism or user name won't help, or make it worse. */
      readonly final: boolean;
    };

export function judgeAuthReply(reply: Reply, mechanism: string): AuthVerdict {
  const { code } = reply;
  const text = replyText(reply, 2000);
  if (code === 235) return { kind: 'accepted' };
  // A mechanism can be blocked as well; the account is not.
  const isLocked = LOCKED.test(text) && !/\bmechanism\b/i.test(text);
  if (code === 432 && mechanism !== 'PLAIN' && !isLocked) {
    // The user store has nothing for this mechanism until PLAIN was used once (RFC 4954 §6).
    return { kind: 'refused', hint: null, final: false };
  }
  if (code >= 400 && code < 500) return { kind: 'temporary' };
  const hint = hintIn(reply, text);
  // Whatever the code, another attempt would prolong it.
  if (hint || isLocked) return { kind: 'refused', hint, final: true };
  if (isUnusable(reply, text)) return { kind: 'unusable' };
  return { kind: 'refused', hint: null, final: code === 534 };
}

/** Of a lock-out; a server that counts our arguments means something else. */
const LOCKED =
  /too many(?! arg| param)|\b(?:locked|blocked|suspended)\b|(?:account|user|mailbox) (?:has been |is )?(?:temporarily )?disabled/i;

/** RFC 4954 §6: 534 with 5.7.9 for a mechanism that is too weak; providers use both otherwise. */
const TOO_WEAK = /mechanism|too weak/i;

function isUnusable({ code, enhanced }: Reply, text: string): boolean {
  // Credentials invalid (RFC 4954 §6), whatever the code.
  if (enhanced === '5.7.8') return false;
  // 504 and 5.7.4: mechanism unknown; 538 and 5.7.11: wants more encryption than there is; the
  // others don't understand us. A success that is not 235 is none.
  if (code < 400 || (code >= 500 && code <= 504) || [530, 538, 555].includes(code)) return true;
  if (enhanced === '5.7.4' || enhanced === '5.7.11' || enhanced?.startsWith('5.5.')) return true;
  return (code === 534 || enhanced === '5.7.9') && TOO_WEAK.test(text);
}

/** In the words of Google, Yahoo, Apple, Fastmail, Mail.ru (both languages) and Tencent. */
const APP_PASSWORD =
  /app(?:lication)?[- ]?(?:specific )?[- ]?password|InvalidSecondFactor|authori[sz]ation code|授权码|пароль приложения/i;
/** Microsoft, NetEase, Yandex. */
const SMTP_DISABLED =
  /SmtpClientAuthentication is disabled|smtp_auth_disabled|user has no permission|does not have access rights to this service|SMTP(?: AUTH\w*)? (?:access |service )?(?:is |has been )?(?:disabled|not (?:enabled|allowed))/i;
const OAUTH_ONLY =
  /(?:basic|legacy|password) auth\w* (?:is |has been )?(?:disabled|blocked|not (?:supported|allowed|enabled))|security defaults/i;

function hintIn({ code, enhanced }: Reply, text: string): LoginHint | null {
  if (SMTP_DISABLED.test(text)) return 'smtp-auth-disabled';
  if (OAUTH_ONLY.test(text)) return 'oauth2-only';
  if (APP_PASSWORD.test(text)) return 'app-password';
  // The text is unknown. Google uses this code also to send people to the browser.
  const silent = code === 534 && enhanced === '5.7.9' && !TOO_WEAK.test(text);
  return silent && !/browser/i.test(text) ? 'app-password' : null;
}
