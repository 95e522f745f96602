/**
 * Probes the servers it is told of, one after the other, and reports by how much each made this
 * process grow at most. A process of its own, so that the servers' memory does not count.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Endpoint } from '../../src/model/endpoint.ts';
import { probe } from '../../src/probe/probe.ts';
import type { ProbeResult } from '../../src/probe/result.ts';
import { loopbackNetwork } from './loopback-network.ts';

export interface MemoryTask {
  readonly caPem: string;
  /** The first one is only for warming up. */
  readonly endpoints: readonly Endpoint[];
}

export interface MemoryUse {
  readonly result: Pick<ProbeResult, 'outcome' | 'reason'>;
  /** Bytes. */
  readonly growth: number;
}

/** Where the kernel lets us, the peak counts from now on, and not from the start of the process. */
function forgetPeak(): void {
  globalThis.gc?.();
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Then the greatest peak so far stands, and only what exceeds it is seen.
  }
}

function peak(): number {
  try {
    const [, kibibytes] =
      /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    if (kibibytes !== undefined) return Number(kibibytes) * 1024;
  } catch {
    // No Linux.
  }
  return process.resourceUsage().maxRSS * 1024;
}

process.once('message', async (task: MemoryTask) => {
  const network = loopbackNetwork({ caPem: task.caPem });
  const uses: MemoryUse[] = [];
  for (const endpoint of task.endpoints) {
    forgetPeak();
    const before = peak();
    const { signal } = new AbortController();
    const { outcome, reason } = await probe(endpoint, network, { signal, deadlineMs: 5000 });
    // The goodbye counts, too.
    while (network.sockets.some(({ destroyed }) => !destroyed)) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    uses.push({ result: { outcome, reason }, growth: peak() - before });
  }
  process.send?.(uses);
  process.disconnect();
});
