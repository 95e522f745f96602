/** A defect of ours may quote what it was given; then its words are not shown. */
export function withoutSecret(error: unknown, secret: string | undefined): unknown {
  if (!secret || !(error instanceof Error)) return error;
  const told = `${error.message} ${error.stack ?? ''}`;
  return told.includes(secret) ? new Error('its words are withheld: they hold the secret') : error;
}
