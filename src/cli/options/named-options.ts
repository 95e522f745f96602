/** `--server` and `--provider`: what the user names, and what that leaves no room for. */
import type { Named } from '../../api/session.ts';
import { splitQueries } from '../../model/query.ts';
import { contradiction, usageError } from '../errors.ts';
import { isStream, type QueryArguments } from '../input/queries.ts';
import type { RawOptions } from './table.ts';

/**
 * The engine, which knows servers and providers, checks the names themselves.
 * @returns null where servers are to be found
 * @throws SmtpFindError `bad-option`
 */
export function checkNamed(raw: RawOptions): Named | null {
  const { server, provider } = raw;
  if (server === undefined && provider === undefined) return null;
  const named = server === undefined ? '--provider' : '--server';
  const other = contradicted(raw);
  if (other !== null) throw contradiction(named, ...other);
  return server === undefined ? { provider: provider ?? '' } : { servers: [...server] };
}

type Contradiction = readonly [option: string, why: string];

function contradicted(raw: RawOptions): Contradiction | null {
  const { server, provider, only, skip, offline, probe, resume } = raw;
  const noSource = 'what you name is not looked for, so no source is asked';
  if (only) return ['--only', noSource];
  if (skip) return ['--skip', noSource];
  if (server === undefined) return null;
  if (provider !== undefined) return ['--provider', 'expected one of them'];
  if (offline) return ['--offline', 'a server is examined over the network'];
  if (!probe) return ['--no-probe', 'to examine a server is to probe it'];
  if (resume !== undefined) return ['--resume', ONE];
  return null;
}

const ONE = 'the servers are examined once, for one address or domain at most';

/**
 * @returns whether nothing but what was named is asked about
 * @throws SmtpFindError `bad-option`
 */
export function isNamedAlone(named: Named | null, given: QueryArguments): boolean {
  const { args, files } = given;
  const isAlone = named !== null && args.length === 0 && files.length === 0;
  if (named === null || isAlone || !('servers' in named)) return isAlone;
  const many = files.length > 0 ? '--input' : isStream(given) ? '-' : null;
  if (many !== null) throw contradiction('--server', many, ONE);
  const queries = args.flatMap(splitQueries).length;
  if (queries > 1) throw usageError(`--server with ${queries} addresses: ${ONE}`);
  return false;
}
