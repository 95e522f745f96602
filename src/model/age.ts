/** How old what a database entry says may be. */
import { timeLimits } from './time-limits.ts';

/**
 * Whether an entry was last confirmed too long ago to be believed before it has proven itself.
 * @param confirmed YYYY-MM; null counts as new
 */
export function isOutdated(confirmed: string | null, now: Date): boolean {
  const [year = 0, month = 0] = (confirmed ?? '').split('-').map(Number);
  if (year === 0) return false;
  // The months of Date begin at 0: this is the end of the month.
  return now.getTime() - Date.UTC(year, month) > timeLimits.keep.databaseEntry;
}

const MONTHS =
  'January February March April May June July August September October November December'.split(
    ' ',
  );

/** `2019-03` as `March 2019`. */
export function monthInWords(confirmed: string): string {
  const [year, month] = confirmed.split('-');
  return `${MONTHS[Number(month) - 1] ?? ''} ${year}`.trim();
}
