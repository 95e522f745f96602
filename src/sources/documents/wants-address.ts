/**
 * Whether a web server refuses to answer without an address. Programs that make documents for each
 * user say so with any status, 200 among them, so that what is said counts.
 */
import type { HttpResponse } from './http-answer.ts';

/** How much of an answer is read for its reason, in bytes. */
const REFUSAL = 4096;
/** How much a web page may say that is no more than a refusal, in characters. */
const SHORT = 400;

export function wantsAddress({ status, contentType, body }: HttpResponse): boolean {
  // The request was correct, but for the parameter that it misses.
  if (status === 400 || status === 422) return true;
  // A server in trouble says many things.
  if (status >= 500) return false;
  const text = body.subarray(0, REFUSAL).toString('latin1');
  if (/<(?:[\w.-]+:)?clientconfig\b/i.test(text)) return false;
  const isRefusal = status >= 400;
  if (!isRefusal && body.length > REFUSAL) return false;
  if (!/html/i.test(contentType) && !/^\s*<(?:!doctype\s+)?html\b/i.test(text)) {
    return asks(text) || (isRefusal && /\be-?mail[ _-]?address\b/i.test(text));
  }
  // A page with more to say has forms and greetings that speak of addresses, too.
  const visible = visibleText(text);
  return (
    (visible.length <= SHORT && asks(visible)) || (isRefusal && /\bemailaddress\b/i.test(text))
  );
}

/** Whether a text says that an e-mail address is missing. */
function asks(text: string): boolean {
  return MISSING_ADDRESS.some((pattern) => pattern.test(text));
}

const MISSING =
  '(?:miss(?:ing|es)|no|not|without|requires?|required|needs?|must|specify|specified|provide|provided|supply|supplied|given?|empty|invalid|expected)';
const FEW_WORDS = '(?:\\W+\\w+){0,6}?\\W+';
const ADDRESS = '(?:e-?mail[ _-]?addr(?:ess)?)';
const BARE = '(?:e-?mail)';

const MISSING_ADDRESS = [
  `\\b${MISSING}${FEW_WORDS}${ADDRESS}\\b`,
  `\\b${ADDRESS}${FEW_WORDS}${MISSING}\\b`,
  // The word alone stands in many a sentence, as "no e-mail service here".
  `\\b(?:missing|requires?|required|specify|provide|supply)(?:\\W+\\w+){0,3}?\\W+${BARE}\\b`,
  `\\b${BARE}(?:\\W+\\w+){0,3}?\\W+(?:missing|required|not (?:given|set|specified|provided|supplied))\\b`,
  '\\bno\\W+e-?mail\\W+(?:given|set|specified|provided|supplied)\\b',
].map((pattern) => new RegExp(pattern, 'i'));

function visibleText(html: string): string {
  return html
    .replace(/<(script|style)\b[\s\S]*?<\/\1\s*>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
