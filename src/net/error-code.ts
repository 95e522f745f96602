/** Node's code of an error, such as `ECONNRESET`; `''` for what has none. A DOMException's is a number. */
export function errorCode(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}
