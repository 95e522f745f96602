import { join } from 'node:path';
import type { UpstreamEntry } from './entry.ts';
import {
  readClose,
  readFreeDomains,
  readLinks,
  readMailcore,
  readMailspring,
  readMxsniff,
  readNodemailer,
} from './read-json.ts';
import { readMuttWizard, readProviderDb } from './read-text.ts';
import { readAndroid, readFairemail, readIspdb } from './read-xml.ts';

export interface Source {
  /** The folder's name, and the name in `facts`. */
  id: string;
  /** YYYY-MM in which the source's data last changed. */
  date: string;
  /** Snapshots of one another share a family and count as one witness. */
  family: string;
  /** Somebody looks after its entries: what the others say is no reason to change ours. */
  kept: boolean;
  read: (folder: string, source: string, date: string) => UpstreamEntry[];
}

/** In order of trust: the freshest and best kept first. */
export const SOURCES: readonly Source[] = [
  { id: 'thunderbird-ispdb', date: '2026-03', family: 'ispdb', kept: true, read: readIspdb },
  { id: 'provider-db', date: '2026-04', family: 'provider-db', kept: false, read: readProviderDb },
  { id: 'nodemailer', date: '2026-08', family: 'nodemailer', kept: true, read: readNodemailer },
  { id: 'fairemail', date: '2026-08', family: 'fairemail', kept: true, read: readFairemail },
  { id: 'edison-mailcore2', date: '2025-01', family: 'mailcore', kept: false, read: readMailcore },
  { id: 'mutt-wizard', date: '2025-07', family: 'mutt-wizard', kept: false, read: readMuttWizard },
  { id: 'mailspring', date: '2024-09', family: 'ispdb', kept: false, read: readMailspringBoth },
  { id: 'close-sync-engine', date: '2025-02', family: 'close', kept: false, read: readClose },
  { id: 'mailcore2', date: '2020-07', family: 'mailcore', kept: false, read: readMailcore },
  { id: 'k9mail', date: '2022-06', family: 'android', kept: false, read: readAndroid },
  { id: 'aosp-email', date: '2014-10', family: 'android', kept: false, read: readAndroid },
  { id: 'mxsniff', date: '2022-01', family: 'mxsniff', kept: false, read: readMxsniff },
  { id: 'email-provider-links', date: '2026-07', family: 'links', kept: false, read: readLinks },
  { id: 'free-email-domains', date: '2026-08', family: 'free', kept: false, read: readFreeDomains },
];

function readMailspringBoth(folder: string, source: string, date: string): UpstreamEntry[] {
  return [
    ...readMailspring(folder, source, date),
    ...readMailcore(folder, source, '2024-06', 'mailcore-provider-settings.json'),
  ];
}

/** Everything the folder of upstream checkouts holds, best trusted source first. */
export function readAll(root: string): UpstreamEntry[] {
  return SOURCES.flatMap((source) => source.read(join(root, source.id), source.id, source.date));
}
