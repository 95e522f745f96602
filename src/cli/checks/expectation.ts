/** `--expect`: what a deployment is configured to use, held against what was found. */
import { normaliseHost } from '../../model/domain.ts';
import type { Report, Settings } from '../../report/report.ts';
import { invalidValue } from '../errors.ts';

export interface Expected {
  readonly key: 'host' | 'port' | 'encryption' | 'auth' | 'username';
  /** As it would stand in the report. */
  readonly value: string;
}

export const expectationWords: readonly string[] = [
  'host=',
  'port=',
  'encryption=tls',
  'encryption=starttls',
  'encryption=none',
  'auth=',
  'username=',
];

const SHOWN = 'host=NAME, port=NUMBER, encryption=tls|starttls|none, auth=MECHANISM, username=NAME';

/** @throws SmtpFindError `bad-option`, with the list */
export function parseExpectations(values: readonly string[]): readonly Expected[] {
  return values
    .flatMap((value) => value.split(','))
    .map((text) => {
      const [, key = '', value = ''] = /^\s*([^=]*?)\s*=\s*(.*?)\s*$/.exec(text) ?? [];
      const expected = read(key.toLowerCase(), value);
      if (expected) return expected;
      throw invalidValue('--expect', text, `some of ${SHOWN}`);
    });
}

function read(key: string, value: string): Expected | null {
  switch (key) {
    case 'host': {
      const host = normaliseHost(value);
      return host === null ? null : { key, value: host };
    }
    case 'port':
      return /^[1-9]\d{0,4}$/.test(value) && Number(value) <= 65535 ? { key, value } : null;
    case 'encryption': {
      const name = value.toLowerCase();
      return /^(tls|starttls|none)$/.test(name) ? { key, value: name } : null;
    }
    case 'auth':
      return /^[\w-]{1,20}$/.test(value) ? { key, value: value.toUpperCase() } : null;
    case 'username':
      return value === '' ? null : { key, value };
    default:
      return null;
  }
}

export interface Compared {
  readonly key: Expected['key'];
  readonly ok: boolean;
  /** As the user wrote it. */
  readonly value: string;
  /** With the placeholders filled in. */
  readonly expected: string;
  /** Null where nothing was found. */
  readonly found: string | null;
}

/** In the order of the expectations; nothing found differs in everything. */
export function compare(
  expected: readonly Expected[],
  { settings, email }: Pick<Report, 'settings' | 'email'>,
): readonly Compared[] {
  return expected.map(({ key, value }) => {
    const wanted = key === 'username' ? fill(value, email) : value;
    const found = settings ? foundAt(key, settings) : [];
    return {
      key,
      value,
      ok: found.includes(wanted),
      expected: wanted,
      found: found.join(', ') || null,
    };
  });
}

/** Mechanisms are several; the others one. */
function foundAt(key: Expected['key'], settings: Settings): readonly string[] {
  return key === 'auth' ? settings.auth : [String(settings[key])];
}

/** The same placeholders as in the report, so that one expectation fits many addresses. */
function fill(username: string, email: string | null): string {
  if (email === null) return username;
  const at = email.lastIndexOf('@');
  return username
    .replaceAll('%EMAILADDRESS%', email)
    .replaceAll('%EMAILLOCALPART%', email.slice(0, at))
    .replaceAll('%EMAILDOMAIN%', email.slice(at + 1));
}
