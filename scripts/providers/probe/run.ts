/** One run of `npm run data:probe`: files in, an examination, files out. */
import { existsSync } from 'node:fs';
import { openNetwork } from '../../../src/net/open-network.ts';
import { readOurFiles } from '../ours.ts';
import { type Finding, type ProbedServers, readProbed, writeProbed } from '../probed.ts';
import { examine } from './examination.ts';
import { type ProbeOptions, UsageError } from './options.ts';
import { renewed } from './record.ts';
import { type ProbeReport, reportOf } from './report.ts';
import { type Database, isDue, type Server, serversOf } from './servers.ts';
import { Visits } from './visits.ts';

/** Results that may be lost when the process is killed. */
const UNWRITTEN = 10;

export interface Surroundings {
  readonly signal: AbortSignal;
  /** YYYY-MM-DD */
  readonly today: string;
  readonly onProgress?: (examined: number, due: number) => void;
}

/** @throws UsageError */
export async function runProbe(
  { data, out, only, atOnce, pauseMs, maxAge, network }: ProbeOptions,
  { signal, today, onProgress }: Surroundings,
): Promise<ProbeReport> {
  const database = usable(() => readDatabase(data));
  const earlier: ProbedServers = usable(() => (existsSync(out) ? readProbed(out) : new Map()));
  const due = chosen(database.servers, only).filter(({ key }) =>
    isDue(earlier.get(key), today, maxAge),
  );
  const save = (findings: ReadonlyMap<string, Finding>): ProbedServers => {
    const records = renewed(database.servers, earlier, findings, today);
    writeProbed(records, out);
    return records;
  };
  const examined = await examine({
    servers: database.servers,
    due,
    earlier,
    openNetwork: () => openNetwork(network),
    visits: new Visits<Server>({ atOnce, pauseMs }),
    signal,
    onSettled: (findings) => {
      if (findings.size % UNWRITTEN === 0) save(findings);
      onProgress?.(findings.size, due.length);
    },
  });
  const records = examined.findings.size > 0 ? save(examined.findings) : earlier;
  return reportOf(database, earlier, records, examined, today);
}

function readDatabase(folder: string): Database {
  return serversOf(readOurFiles(folder).map(({ provider }) => provider));
}

function chosen(servers: readonly Server[], only: readonly string[]): readonly Server[] {
  if (only.length === 0) return servers;
  const unknown = only.filter((id) => !servers.some(({ providers }) => providers.includes(id)));
  if (unknown.length > 0) throw new UsageError(`no server of ${unknown.join(', ')} to examine`);
  return servers.filter(({ providers }) => providers.some((id) => only.includes(id)));
}

function usable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
