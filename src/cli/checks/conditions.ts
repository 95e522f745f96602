/** `--require`: conditions that an answer has to meet, checked as a pure function of the report. */
import type { Report, Settings } from '../../report/report.ts';
import { invalidValue } from '../errors.ts';

/** What of a report a condition may look at. */
export type Checked = Pick<
  Report,
  'query' | 'email' | 'status' | 'complete' | 'settings' | 'provider' | 'warnings'
>;

export interface Condition {
  /** As the user wrote it. */
  readonly name: string;
  /** Null when it holds, else what is so instead. */
  check(report: Checked, now: Date): string | null;
}

type Check = Condition['check'];

/** With a value after `=`; the check is made once the value is known to be good. */
interface Valued {
  readonly shown: string;
  readonly meaning: string;
  make(value: string): Check | null;
}

const MS_A_DAY = 24 * 60 * 60_000;

/** What each condition asks, for the documentation. */
const plain: Readonly<Record<string, { readonly meaning: string; readonly check: Check }>> = {
  verified: {
    meaning: 'the server was reached over TLS with a good certificate, and offers sign-in',
    check: ({ status }) => (status === 'verified' ? null : `it is ${status}`),
  },
  complete: {
    meaning: 'no timeout or temporary failure could have changed the answer',
    check: ({ complete }) => (complete ? null : 'not everything answered in time'),
  },
  tls: {
    meaning: 'implicit TLS (SSL/TLS from the first byte)',
    check: withSettings(({ encryption }) => (encryption === 'tls' ? null : used(encryption))),
  },
  starttls: {
    meaning: 'STARTTLS',
    check: withSettings(({ encryption }) => (encryption === 'starttls' ? null : used(encryption))),
  },
  encrypted: {
    meaning: 'either of these',
    check: withSettings(({ encryption }) => (encryption === 'none' ? used(encryption) : null)),
  },
  secure: {
    meaning: 'what names the server could not have been forged on the way',
    check: withSettings(({ evidence }) =>
      evidence.some(({ trust }) => trust === 'secure') ? null : 'only unprotected answers name it',
    ),
  },
  published: {
    meaning: 'the settings are published somewhere, not guessed',
    check: withSettings(({ evidence }) => (evidence[0]?.source === 'guess' ? 'guessed' : null)),
  },
  'no-warnings': {
    meaning: 'there is nothing to warn of',
    check: ({ warnings }) =>
      warnings.length === 0 ? null : [...new Set(warnings.map(({ code }) => code))].join(', '),
  },
};

const valued: Readonly<Record<string, Valued>> = {
  auth: {
    shown: 'auth=MECHANISM',
    meaning: 'this SASL mechanism is offered, like PLAIN or XOAUTH2',
    make: (value) => {
      const wanted = value.toUpperCase();
      if (!/^[A-Z0-9_-]{1,20}$/.test(wanted)) return null; // RFC 4422 §3.1
      return withSettings(({ auth }) =>
        auth.includes(wanted) ? null : `it offers ${auth.join(', ') || 'none'}`,
      );
    },
  },
  provider: {
    shown: 'provider=ID',
    meaning: 'this provider of the database, by the id that JSON shows',
    make: (value) => {
      if (value === '') return null;
      return ({ provider }) =>
        provider?.id === value.toLowerCase() ? null : `it is ${provider?.id ?? 'not known'}`;
    },
  },
  'certificate-days': {
    shown: 'certificate-days=N',
    meaning: 'the certificate is valid for at least N more days',
    make: (value) => {
      if (!/^\d{1,4}$/.test(value)) return null;
      return withSettings(({ tls }, now) => {
        const end = tls?.certificate?.validTo;
        if (end === undefined) return 'no certificate was seen';
        const left = Math.floor((Date.parse(end) - now.getTime()) / MS_A_DAY);
        return left >= Number(value) ? null : `it ends on ${end.slice(0, 10)}`;
      });
    },
  },
};

/** All conditions with their meaning, for help and documentation. */
export const conditionTable: readonly (readonly [string, string])[] = [
  ...Object.entries(plain).map(([name, { meaning }]) => [name, meaning] as const),
  ...Object.values(valued).map(({ shown, meaning }) => [shown, meaning] as const),
];

/** For completion: names, and beginnings of those that take a value. */
export const conditionWords: readonly string[] = [
  ...Object.keys(plain),
  ...Object.keys(valued).map((name) => `${name}=`),
];

/** @throws SmtpFindError `bad-option`, with the list */
export function parseConditions(values: readonly string[]): readonly Condition[] {
  return values
    .flatMap((value) => value.split(','))
    .map((text) => {
      const name = text.trim();
      const check = checkOf(name);
      if (check) return { name, check };
      const expected = conditionTable.map(([shown]) => shown).join(', ');
      throw invalidValue('--require', name, `some of ${expected}`);
    });
}

function checkOf(text: string): Check | null {
  const [name = '', ...value] = text.split('=');
  const key = name.toLowerCase();
  if (value.length === 0) return Object.hasOwn(plain, key) ? (plain[key]?.check ?? null) : null;
  if (!Object.hasOwn(valued, key)) return null;
  return valued[key]?.make(value.join('=').trim()) ?? null;
}

function withSettings(check: (settings: Settings, now: Date) => string | null): Check {
  return ({ settings }, now) => (settings ? check(settings, now) : 'nothing was found');
}

function used(encryption: Settings['encryption']): string {
  return encryption === 'none' ? 'it is not encrypted' : `it uses ${encryption}`;
}
