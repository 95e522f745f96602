/**
 * The ordered list: which sources are asked about which subjects. A source's place in the list is
 * its rank. `mx-autoconfig` and `parent` are other sources, asked about another subject.
 */
import type { SourceName } from '../model/candidate.ts';
import { autoconfig, autoconfigHttp, ispdb } from './autoconfig.ts';
import { autodiscover } from './autodiscover.ts';
import { database } from './database.ts';
import { given } from './given.ts';
import { guess } from './guess.ts';
import { mailRecords } from './mail-records.ts';
import { mailconf } from './mailconf.ts';
import { mxProvider } from './mx-provider.ts';
import { mxSubjectLookup } from './mx-subjects.ts';
import { pacc } from './pacc.ts';
import type { Source, Subject, SubjectLookup } from './source.ts';
import { srv, srvForeign } from './srv.ts';

interface Row {
  readonly name: SourceName;
  readonly about: Subject['kind'];
  readonly sources: readonly Source[];
  /** Where its subjects are looked up in the DNS, when the query's name does not tell them. */
  readonly subjects?: (domain: string) => SubjectLookup;
}

export interface Rank extends Row {
  /** Lower wins. */
  readonly rank: number;
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

/** Where the database stands when the domain's mail has moved to another provider. */
const movedDatabase = 'moved database';

/** Best first. */
const order: readonly (Row | typeof movedDatabase)[] = [
  { name: 'given', about: 'given', sources: [given] },
  { name: 'database', about: 'self', sources: [database] },
  { name: 'mx-provider', about: 'self', sources: [mxProvider] },
  movedDatabase,
  { name: 'srv', about: 'self', sources: [srv] },
  { name: 'pacc', about: 'self', sources: [pacc] },
  { name: 'autoconfig', about: 'self', sources: [autoconfig] },
  { name: 'srv-foreign', about: 'self', sources: [srvForeign] },
  { name: 'ispdb', about: 'self', sources: [ispdb] },
  { name: 'autodiscover', about: 'self', sources: [autodiscover] },
  { name: 'mailconf', about: 'self', sources: [mailconf] },
  { name: 'mx-autoconfig', about: 'mx', sources: [autoconfig, ispdb], subjects: mxSubjectLookup },
  { name: 'parent', about: 'parent', sources: aboutParents },
  { name: 'autoconfig-http', about: 'self', sources: [autoconfigHttp] },
  { name: 'mail-records', about: 'self', sources: [mailRecords] },
  // The last: all before it is published.
  { name: 'guess', about: 'self', sources: [guess] },
];

export const ranks: readonly Rank[] = order.flatMap((row, rank) =>
  row === movedDatabase ? [] : [{ ...row, rank }],
);

/** Of those among which there is a choice. */
export const sourceNames: readonly SourceName[] = ranks.flatMap(({ name, about }) =>
  about === 'given' ? [] : [name],
);

export const MX_PROVIDER_RANK: number = rankOf('mx-provider');
export const MOVED_DATABASE_RANK: number = order.indexOf(movedDatabase);
export const GUESS_RANK: number = rankOf('guess');

function rankOf(name: SourceName): number {
  return order.findIndex((row) => row !== movedDatabase && row.name === name);
}
