/** Options that are good by themselves and can't be meant together. */
import type { SmtpFindError } from '../../model/errors.ts';
import type { Checks } from '../checks/checks.ts';
import { contradiction, usageError } from '../errors.ts';
import { isSameFile } from '../output/output-file.ts';
import type { RawOptions } from './table.ts';
import { sourceNames } from './table.ts';

interface Chosen {
  readonly raw: RawOptions;
  readonly only: readonly string[] | undefined;
  readonly skip: readonly string[] | undefined;
  readonly checks: Checks;
}

/**
 * What only makes another option idle is let be (`--offline --resolver …`): it may come from an
 * alias or a script.
 * @throws SmtpFindError `bad-option`, which names both
 */
export function refuseContradictions(chosen: Chosen): void {
  for (const find of [ofLoudness, ofFiles, ofSources, ofConditions, ofExpectations]) {
    const found = find(chosen);
    if (found !== null) throw found;
  }
}

function ofLoudness({ raw: { quiet, verbose } }: Chosen): SmtpFindError | null {
  return quiet && verbose
    ? contradiction('--quiet', '--verbose', 'one says less, the other more')
    : null;
}

/** Files that are written, each for itself. */
function ofFiles({ raw }: Chosen): SmtpFindError | null {
  const { output, junit, prometheus, resume } = raw;
  const files = Object.entries({ output, junit, prometheus }).flatMap(([name, path]) =>
    path === undefined || path === '-' ? [] : [{ option: `--${name}`, path }],
  );
  for (const [index, { option, path }] of files.entries()) {
    const other = files.slice(index + 1).find((item) => isSameFile(item.path, path));
    if (other) return contradiction(option, other.option, 'they name the same file');
  }
  const monitor = files.find(({ option }) => option !== '--output');
  if (monitor && resume !== undefined) {
    return contradiction('--resume', monitor.option, 'it would lack what was answered before');
  }
  return null;
}

function ofSources({ raw, only, skip = [] }: Chosen): SmtpFindError | null {
  if (!only && skip.length === 0) return null;
  const left = (only ?? sourceNames).filter((name) => !skip.includes(name));
  if (left.length === 0) {
    return only && skip.length > 0
      ? contradiction(`--only ${only.join()}`, `--skip ${skip.join()}`, NO_SOURCE)
      : usageError(`--skip leaves out every source: ${NO_SOURCE}`);
  }
  if (raw.offline && !left.includes('database')) {
    const choice = only ? `--only ${only.join()}` : `--skip ${skip.join()}`;
    return contradiction('--offline', choice, 'without a network only the database can be asked');
  }
  return null;
}

const NO_SOURCE = 'no source is left to ask';

/** Of conditions that no answer meets together. */
function ofConditions({ checks: { required, expected } }: Chosen): SmtpFindError | null {
  const names = required.map(({ name }) => name.toLowerCase());
  const wanted = names.find((name) => name === 'tls' || name === 'starttls');
  if (wanted === undefined) return null;
  const other = wanted === 'tls' ? 'starttls' : 'tls';
  const why = 'no server has both';
  if (names.includes(other)) return contradiction(`--require ${wanted}`, `--require ${other}`, why);
  const encryption = expected.find(({ key, value }) => key === 'encryption' && value !== wanted);
  return encryption
    ? contradiction(`--require ${wanted}`, `--expect encryption=${encryption.value}`, why)
    : null;
}

function ofExpectations({ checks: { expected } }: Chosen): SmtpFindError | null {
  for (const { key, value } of expected) {
    const other = expected.find((item) => item.key === key && item.value !== value);
    // Of mechanisms a server has several.
    if (!other || key === 'auth') continue;
    return contradiction(
      `--expect ${key}=${value}`,
      `--expect ${key}=${other.value}`,
      'it has one',
    );
  }
  return null;
}
