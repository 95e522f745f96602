/**
 * `npm run data:probe`: every server of the database examined, politely and without a login;
 * docs/providers.md tells how. For whoever looks after the database, never for its users.
 */
import { SmtpFindError } from '../src/model/errors.ts';
import { type ProbeOptions, parseOptions, UsageError, usage } from './providers/probe/options.ts';
import { type ProbeReport, reportText } from './providers/probe/report.ts';
import { runProbe } from './providers/probe/run.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(argv, process.env);
    if (options === null) {
      process.stdout.write(usage);
      return 0;
    }
    const report = await run(options);
    process.stdout.write(
      options.json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report),
    );
    return exitCode(report);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof SmtpFindError)) throw error;
    process.stderr.write(`data:probe: ${error.message}\n`);
    return 2;
  }
}

/** What is known when it is interrupted is written and told; a second time ends it at once. */
async function run(options: ProbeOptions): Promise<ProbeReport> {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => interruption.abort(new Error(signal)));
  }
  return runProbe(options, {
    signal: interruption.signal,
    today: new Date().toISOString().slice(0, 10),
    onProgress: (examined, due) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${examined} of ${due} examined`);
    },
  });
}

function exitCode({ stopped, worse }: ProbeReport): number {
  if (stopped === 'interrupted') return 130;
  if (stopped === 'no-network') return 5;
  return worse ? 1 : 0;
}
