/** Node's code of an error, such as `ECONNRESET`; `''` for what has none. A DOMException's is a number. */
export function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  const { code } = error;
  return typeof code === 'string' ? code : '';
}
