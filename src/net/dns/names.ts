/**
 * Names as they go on the wire and as they come back.
 */

const MAX_NAME = 253; // RFC 1035 §2.3.4, written without the root dot
const MAX_LABEL = 63;
const ASKABLE = /^[!-~]+$/;
const HOST_NAME = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;

/**
 * Whether such a name can exist in the DNS at all. What cannot must never reach the encoder,
 * which would take the length of an overlong label for a compression pointer.
 */
export function isAskable(name: string): boolean {
  if (name.length === 0 || name.length > MAX_NAME || !ASKABLE.test(name)) return false;
  return name.split('.').every((label) => label.length > 0 && label.length <= MAX_LABEL);
}

/** Lower case, without the root dot; the root is `''`. DNS folds ASCII letters only (RFC 4343). */
export function foldName(name: string): string {
  const lower = name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  return lower.endsWith('.') ? lower.slice(0, -1) : lower;
}

/** Whether a folded name may name a host; underscores occur in the wild. The root may not. */
export function isHostName(name: string): boolean {
  return HOST_NAME.test(name);
}
