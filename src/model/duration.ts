/** Durations in words: measured to fractions of a millisecond, told as people read them. */

/** `4 s`, `2.9 s`; never none at all. */
export function inSeconds(ms: number): string {
  return `${Math.max(0.1, Math.round(ms / 100) / 10)} s`;
}

/** `1947 ms` */
export function inMilliseconds(ms: number): string {
  return `${Math.round(ms)} ms`;
}

/** `40 s`, `12 min`, `2 h 5 min` */
export function inLargeUnits(ms: number): string {
  if (ms < 59_500) return `${Math.round(ms / 1000)} s`;
  const minutes = Math.round(ms / 60_000);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
