/**
 * SASLprep (RFC 4013): one form for user names and passwords that look alike. Pure.
 *
 * Normalises by Node's Unicode instead of 3.2, and lets unassigned code points pass, as RFC 3454
 * §7 wants it for what is asked about rather than stored.
 */

/** RFC 3454 C.1.2. */
const SPACES = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g;
/** RFC 3454 B.1. */
const NOTHING =
  /\u00ad|\u034f|\u1806|[\u180b-\u180d]|[\u200c\u200d]|\u2060|[\ufe00-\ufe0f]|\ufeff/g;

const PROHIBITED: readonly RegExp[] = [
  /[\u0000-\u001f\u007f]/, // C.2.1, and of C.2.2:
  /[\u0080-\u009f\u06dd\u070f\u180e\u2028\u2029\u2061-\u2063\u206a-\u206f\ufff9-\ufffc]/,
  /[\u{1d173}-\u{1d17a}]/u,
  /\p{Private_Use}/u, // C.3
  /\p{Noncharacter_Code_Point}/u, // C.4
  /\p{Surrogate}/u, // C.5
  /\ufffd/, // C.6
  /[\u2ff0-\u2ffb]/, // C.7
  /[\u0340\u0341\u200e\u200f\u202a-\u202e]/, // C.8
  /\u{e0001}|[\u{e0020}-\u{e007f}]/u, // C.9
];

/** RFC 3454 D.1, letters written from right to left. */
const RIGHT_TO_LEFT =
  /[\u05be\u05c0\u05c3\u05d0-\u05f4\u061b\u061f\u0621-\u064a\u066d-\u066f\u0671-\u06d5\u06e5\u06e6\u06fa-\u0710\u0712-\u072c\u0780-\u07a5\u07b1\ufb1d\ufb1f-\ufb28\ufb2a-\ufd3d\ufd50-\ufdfc\ufe70-\ufefc]/u;
/** Near enough to D.2: letters of all other scripts. */
const LETTER = /\p{Letter}/u;

/** @returns null when the text may not be used (RFC 4013 §2.3, §2.4) */
export function saslPrep(text: string): string | null {
  if (/^[ -~]*$/.test(text)) return text;
  const prepared = text.replace(SPACES, ' ').replace(NOTHING, '').normalize('NFKC');
  if (PROHIBITED.some((pattern) => pattern.test(prepared))) return null;
  return mixesDirections(prepared) ? null : prepared;
}

/** RFC 3454 §6: from right to left throughout, and at both ends. */
function mixesDirections(text: string): boolean {
  const characters = [...text];
  const rightToLeft = characters.map((character) => RIGHT_TO_LEFT.test(character));
  if (!rightToLeft.includes(true)) return false;
  if (!rightToLeft[0] || !rightToLeft.at(-1)) return true;
  return characters.some((character, i) => !rightToLeft[i] && LETTER.test(character));
}
