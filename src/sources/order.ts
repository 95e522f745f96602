/**
 * The ordered list: which sources are asked about which subjects, and where what they find stands.
 * `mx-autoconfig` and `parent` are other sources, asked about another subject.
 */
import type { SourceName } from '../model/candidate.ts';
import { autoconfig, autoconfigHttp, ispdb } from './autoconfig.ts';
import { autodiscover } from './autodiscover.ts';
import { database } from './database.ts';
import { guess } from './guess.ts';
import { mailconf } from './mailconf.ts';
import { mxProvider } from './mx-provider.ts';
import { pacc } from './pacc.ts';
import type { Source, Subject } from './source.ts';
import { srv, srvForeign } from './srv.ts';

export interface Rank {
  /** Lower wins. */
  readonly rank: number;
  readonly name: SourceName;
  readonly about: Subject['kind'];
  readonly sources: readonly Source[];
}

const aboutParents: readonly Source[] = [
  mxProvider,
  srv,
  pacc,
  autoconfig,
  srvForeign,
  ispdb,
  autodiscover,
  mailconf,
];

export const MX_PROVIDER_RANK = 2;
/** The last: all before it is published. */
export const GUESS_RANK = 13;
/** Where the database stands when the domain's mail has moved to another provider. */
export const MOVED_DATABASE_RANK = 2.5;

export const ranks: readonly Rank[] = [
  { rank: 1, name: 'database', about: 'self', sources: [database] },
  { rank: MX_PROVIDER_RANK, name: 'mx-provider', about: 'self', sources: [mxProvider] },
  { rank: 3, name: 'srv', about: 'self', sources: [srv] },
  { rank: 4, name: 'pacc', about: 'self', sources: [pacc] },
  { rank: 5, name: 'autoconfig', about: 'self', sources: [autoconfig] },
  { rank: 6, name: 'srv-foreign', about: 'self', sources: [srvForeign] },
  { rank: 7, name: 'ispdb', about: 'self', sources: [ispdb] },
  { rank: 8, name: 'autodiscover', about: 'self', sources: [autodiscover] },
  { rank: 9, name: 'mailconf', about: 'self', sources: [mailconf] },
  { rank: 10, name: 'mx-autoconfig', about: 'mx', sources: [autoconfig, ispdb] },
  { rank: 11, name: 'parent', about: 'parent', sources: aboutParents },
  { rank: 12, name: 'autoconfig-http', about: 'self', sources: [autoconfigHttp] },
  { rank: GUESS_RANK, name: 'guess', about: 'self', sources: [guess] },
];

export const sourceNames: readonly SourceName[] = ranks.map(({ name }) => name);
