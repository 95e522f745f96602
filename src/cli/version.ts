import { providersDate } from '../providers/compiled-date.ts';

/** Put in by the build. */
declare const SMTP_FIND_VERSION: string | undefined;

const version: string = typeof SMTP_FIND_VERSION === 'string' ? SMTP_FIND_VERSION : 'development';

/** `smtp-find 1.2.3 (database 2026-01-31)` */
export const versionLine: string = `smtp-find ${version} (database ${providersDate})`;
