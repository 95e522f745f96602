/** Where a text stops being JSON: the messages of `JSON.parse` say so only at times. */

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const DEEPEST = 100;

/** @returns `line 3, column 5`, counted from 1 */
export function placeOfError(text: string): string {
  const before = text.slice(0, errorOffset(text)).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** Of the first token that can't stand where it is. */
function errorOffset(text: string): number {
  let at = 0;
  const take = (token: RegExp): boolean => {
    token.lastIndex = at;
    if (!token.test(text)) return false;
    at = token.lastIndex;
    return true;
  };
  const sign = (char: string): boolean => {
    take(SPACE);
    if (text[at] !== char) return false;
    at++;
    return true;
  };
  const string = (): boolean => take(SPACE) && take(STRING);
  const value = (depth: number): boolean => {
    if (depth > DEEPEST) return false;
    if (sign('{')) return list('}', () => string() && sign(':') && value(depth + 1));
    if (sign('[')) return list(']', () => value(depth + 1));
    return string() || take(SCALAR);
  };
  const list = (end: string, item: () => boolean): boolean => {
    if (sign(end)) return true;
    do {
      if (!item()) return false;
    } while (sign(','));
    return sign(end);
  };
  value(0);
  take(SPACE);
  return at;
}
