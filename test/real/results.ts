/** What passed and what did not, said as it goes and counted. */

export class Results {
  passed = 0;
  failed = 0;

  heading(text: string): void {
    console.log(`\n${text}`);
  }

  /** @param complaints none, when all is well */
  add(name: string, complaints: readonly string[], detail = ''): void {
    if (complaints.length === 0) this.passed++;
    else this.failed++;
    console.log(`  ${complaints.length === 0 ? 'ok  ' : 'FAIL'} ${name}${detail}`);
    for (const complaint of complaints)
      console.log(`       ${complaint.replaceAll('\n', '\n       ')}`);
  }

  /** What can't be run here; in CI that is a failure. */
  skip(name: string, why: string): void {
    if (/^(?:1|true)$/i.test(process.env.CI ?? '')) this.add(name, [why]);
    else console.log(`  SKIPPED ${name}: ${why}`);
  }

  /** The last line, and the exit code. */
  conclude(): void {
    console.log(`\n${this.passed} passed, ${this.failed} failed`);
    if (this.failed > 0) process.exitCode = 1;
  }

  /** Counted without a line, where a table shows it. */
  count(complaints: readonly string[]): void {
    if (complaints.length === 0) this.passed++;
    else this.failed++;
  }
}

/** Runs a few at a time; results in the order of the items. */
export async function fewAtOnce<T, R>(
  items: readonly T[],
  most: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [i, item] of queue) results[i] = await work(item);
  };
  await Promise.all(Array.from({ length: most }, worker));
  return results;
}
