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
  check(report: Checked, now: Date): Finding;
}

export interface Finding {
  readonly ok: boolean;
  /** What is so in the report's words; null where there is nothing. */
  readonly found: string | null;
  /** The same in a sentence, for a condition that fails. */
  readonly why: string;
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
    check: ({ status }) => ({ ok: status === 'verified', found: status, why: `it is ${status}` }),
  },
  complete: {
    meaning: 'no timeout or temporary failure could have changed the answer',
    check: ({ complete }) => ({
      ok: complete,
      found: complete ? 'complete' : 'incomplete',
      why: 'not everything answered in time',
    }),
  },
  tls: {
    meaning: 'implicit TLS (SSL/TLS from the first byte)',
    check: withSettings(({ encryption }) => used(encryption, encryption === 'tls')),
  },
  starttls: {
    meaning: 'STARTTLS',
    check: withSettings(({ encryption }) => used(encryption, encryption === 'starttls')),
  },
  encrypted: {
    meaning: 'either of these',
    check: withSettings(({ encryption }) => used(encryption, encryption !== 'none')),
  },
  secure: {
    meaning: 'what names the server could not have been forged on the way',
    check: withSettings(({ evidence }) => {
      const ok = evidence.some(({ trust }) => trust === 'secure');
      return { ok, found: ok ? 'secure' : 'insecure', why: 'only unprotected answers name it' };
    }),
  },
  published: {
    meaning: 'the settings are published somewhere, not guessed',
    check: withSettings(({ evidence: [best] }) => {
      return { ok: best?.source !== 'guess', found: best?.source ?? null, why: 'guessed' };
    }),
  },
  'no-warnings': {
    meaning: 'there is nothing to warn of',
    check: ({ warnings }) => {
      const codes = [...new Set(warnings.map(({ code }) => code))].join(', ');
      return { ok: codes === '', found: codes || null, why: codes };
    },
  },
};

const valued: Readonly<Record<string, Valued>> = {
  auth: {
    shown: 'auth=MECHANISM',
    meaning: 'this SASL mechanism is offered, like PLAIN or XOAUTH2',
    make: (value) => {
      const wanted = value.toUpperCase();
      if (!/^[A-Z0-9_-]{1,20}$/.test(wanted)) return null; // RFC 4422 §3.1
      return withSettings(({ auth }) => {
        const offered = auth.join(', ');
        const ok = auth.includes(wanted);
        return { ok, found: offered || null, why: `it offers ${offered || 'none'}` };
      });
    },
  },
  provider: {
    shown: 'provider=ID',
    meaning: 'this provider of the database, by the id that JSON shows',
    make: (value) => {
      if (value === '') return null;
      return ({ provider }) => {
        const found = provider?.id ?? null;
        return { ok: found === value.toLowerCase(), found, why: `it is ${found ?? 'not known'}` };
      };
    },
  },
  'certificate-days': {
    shown: 'certificate-days=N',
    meaning: 'the certificate is valid for at least N more days',
    make: (value) => {
      if (!/^\d{1,4}$/.test(value)) return null;
      return withSettings(({ tls }, now) => {
        const end = tls?.certificate?.validTo;
        if (end === undefined) return { ok: false, found: null, why: 'no certificate was seen' };
        const left = Math.floor((Date.parse(end) - now.getTime()) / MS_A_DAY);
        return {
          ok: left >= Number(value),
          found: String(left),
          why: `it ends on ${end.slice(0, 10)}`,
        };
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

function withSettings(check: (settings: Settings, now: Date) => Finding): Check {
  return ({ settings }, now) =>
    settings ? check(settings, now) : { ok: false, found: null, why: 'nothing was found' };
}

function used(encryption: Settings['encryption'], ok: boolean): Finding {
  const why = encryption === 'none' ? 'it is not encrypted' : `it uses ${encryption}`;
  return { ok, found: encryption, why };
}
