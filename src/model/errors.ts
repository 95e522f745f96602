/**
 * The one error this library throws. Failures of the network are data, never thrown;
 * what is thrown is a caller's mistake or a cancelled call.
 */

/** Stable across versions; scripts may compare it. */
export type ErrorCode =
  | 'bad-input'
  | 'bad-option'
  | 'unreadable-file'
  | 'unknown-provider'
  | 'ambiguous-provider'
  | 'internal';

export class SmtpFindError extends Error {
  readonly code: ErrorCode;
  /**
   * What may have been meant: of `unknown-provider` the closest ids, of `ambiguous-provider` all
   * that have a server, of `bad-input` the addresses or domains that the text holds.
   */
  readonly suggestions: readonly string[];

  constructor(
    code: ErrorCode,
    message: string,
    options: ErrorOptions & { readonly suggestions?: readonly string[] } = {},
  ) {
    super(message, options);
    this.name = 'SmtpFindError';
    this.code = code;
    this.suggestions = options.suggestions ?? [];
  }

  /** Safe to log: never holds an address or a password. */
  toJSON(): { name: string; code: ErrorCode; message: string } {
    return { name: this.name, code: this.code, message: this.message };
  }
}
