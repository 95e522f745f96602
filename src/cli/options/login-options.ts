/** `--login` and what belongs to it, checked. The secret itself is never an option. */
import { normaliseHost } from '../../model/domain.ts';
import { contradiction, invalidValue, usageError } from '../errors.ts';
import { isStream, type QueryArguments } from '../input/queries.ts';
import type { RawOptions } from './table.ts';

export interface LoginOptions {
  /** Null: what the sources say, or the address. */
  readonly username: string | null;
  /** A-labels or IP addresses. */
  readonly acceptHosts: readonly string[];
}

/**
 * @returns null when no login is asked for
 * @throws SmtpFindError `bad-option`
 */
export function checkLogin(raw: RawOptions): LoginOptions | null {
  if (!raw.login) {
    if (raw.user !== undefined)
      throw usageError('--user says who logs in: expected --login as well');
    if (raw.acceptHost)
      throw usageError('--accept-host says where to log in: expected --login as well');
    return null;
  }
  const without = withoutServer(raw);
  if (without !== null) {
    throw contradiction('--login', without, 'only a server that was probed is shown a password');
  }
  if (raw.resume !== undefined) throw contradiction('--login', '--resume', ONE);
  return {
    username: raw.user === undefined ? null : username(raw.user),
    acceptHosts: (raw.acceptHost ?? []).map(host),
  };
}

const ONE = 'one account at a time, since servers lock accounts out';

/**
 * The one query that a login may be tried for; undefined for that at a named server alone.
 * @throws SmtpFindError `bad-option`, without repeating arguments: one may be a password by mistake
 */
export function onlyQuery(given: QueryArguments, alone: boolean): string | undefined {
  const [query, ...others] = given.args;
  if (alone) return undefined;
  if (query === undefined || others.length > 0 || isStream(given)) {
    throw usageError(`--login takes one address, as an argument: ${ONE}`);
  }
  return query;
}

function withoutServer({ probe, offline }: RawOptions): string | null {
  if (!probe) return '--no-probe';
  return offline ? '--offline' : null;
}

/** The engine leaves out names with control characters, which would separate fields (RFC 4616). */
function username(text: string): string {
  if (text === '' || /\p{Control}/u.test(text)) throw invalidValue('--user', text, 'a user name');
  return text;
}

function host(text: string): string {
  const name = normaliseHost(text);
  if (name === null) throw invalidValue('--accept-host', text, 'the name of a host');
  return name;
}
