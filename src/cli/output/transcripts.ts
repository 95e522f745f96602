/**
 * `--verbose`: the SMTP conversations on stderr. Each is written whole when it ends, since several
 * go on at the same time.
 */
import type { TraceKind, TraceListener } from '../../smtp/trace.ts';

export interface Transcripts {
  readonly trace: TraceListener;
  /** Resolves when none is under way. */
  settled(): Promise<void>;
  /** Writes those under way as far as they came. */
  flush(): void;
}

/** As curl has them. */
const SIGNS: { readonly [K in TraceKind]: string } = { fact: '*', sent: '>', received: '<' };

/** @param write takes whole lines */
export function createTranscripts(write: (text: string) => void): Transcripts {
  const open = new Set<string[]>();
  let waiting: (() => void)[] = [];

  const finish = (lines: string[]): void => {
    if (!open.delete(lines)) return;
    if (lines.length > 0) write(`${lines.join('\n')}\n\n`);
    if (open.size > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  };

  return {
    trace() {
      const lines: string[] = [];
      open.add(lines);
      return {
        add(kind, texts) {
          for (const text of texts) lines.push(`${SIGNS[kind]} ${text}`.trimEnd());
        },
        end: () => finish(lines),
      };
    },
    settled: () =>
      open.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve)),
    flush() {
      for (const lines of [...open]) finish(lines);
    },
  };
}
