/** Options from callers that no compiler has checked: each of the kind that it should be. */
import { SmtpFindError } from '../model/errors.ts';
import { isPublicWebUrl } from '../model/url.ts';

export interface Shape {
  readonly expected: string;
  fits(value: unknown): boolean;
}

export const flag: Shape = {
  expected: 'true or false',
  fits: (value) => typeof value === 'boolean',
};

export const text: Shape = { expected: 'a text', fits: (value) => typeof value === 'string' };

export const list: Shape = {
  expected: 'a list of texts',
  fits: (value) => Array.isArray(value) && value.every(text.fits),
};

export const webUrl: Shape = {
  expected: 'an http or https URL without a password',
  fits: (value) => typeof value === 'string' && isPublicWebUrl(value),
};

export const callback: Shape = {
  expected: 'a function',
  fits: (value) => typeof value === 'function',
};

export const abortSignal: Shape = {
  expected: 'an AbortSignal',
  fits: (value) => value instanceof AbortSignal,
};

/** @param fits @param expected in words, after "expected" */
export function shape(expected: string, fits: (value: unknown) => boolean): Shape {
  return { expected, fits };
}

/**
 * Options that are undefined, or that nobody knows, are passed over.
 * @throws SmtpFindError `bad-option`, without the value: it may be a secret
 */
export function checkShapes(options: unknown, shapes: Readonly<Record<string, Shape>>): void {
  if (typeof options !== 'object' || options === null) {
    throw new SmtpFindError('bad-option', 'the options are no object');
  }
  for (const [name, value] of Object.entries(options)) {
    const wanted = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
    if (value === undefined || !wanted || wanted.fits(value)) continue;
    throw new SmtpFindError(
      'bad-option',
      `the option ${name} is not right: expected ${wanted.expected}`,
    );
  }
}
