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
