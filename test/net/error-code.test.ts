import { expect, it } from 'vitest';
import { errorCode } from '../../src/net/error-code.ts';

it.each<[unknown, string]>([
  [Object.assign(new Error('x'), { code: 'ECONNRESET' }), 'ECONNRESET'],
  [new Error('x'), ''],
  [new DOMException('aborted', 'AbortError'), ''],
  [null, ''],
])('the code of %o is %j', (error, code) => {
  expect(errorCode(error)).toBe(code);
});
