/** The sources that `--only` and `--skip` may name, best rank first; known without the engine. */
import type { SourceName } from '../../model/candidate.ts';

// A record, so that the compiler misses none.
const names: { readonly [S in SourceName]: true } = {
  database: true,
  'mx-provider': true,
  srv: true,
  pacc: true,
  autoconfig: true,
  'srv-foreign': true,
  ispdb: true,
  autodiscover: true,
  mailconf: true,
  'mx-autoconfig': true,
  parent: true,
  'autoconfig-http': true,
  'mail-records': true,
  guess: true,
};

export const sourceNames: readonly string[] = Object.keys(names);
