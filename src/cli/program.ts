/** Arguments parsed by the declaration, or the help text. */
import { CommanderError } from 'commander';
import { declare } from './options/declare.ts';

/** Options as typed, not yet checked. */
export interface RawOptions {
  readonly json?: true;
  readonly format?: string;
  readonly all?: true;
  readonly explain?: true;
  readonly probe: boolean;
  readonly offline?: true;
  readonly provider?: string;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly timeout?: string;
  readonly sendAddress?: true;
  readonly resolver?: readonly string[];
  readonly connectTo?: readonly string[];
  readonly cacert?: readonly string[];
  readonly ipv4?: true;
  readonly ipv6?: true;
  readonly publicOnly?: true;
  readonly ispdb?: string;
  readonly input?: string;
  readonly concurrency?: string;
  readonly unordered?: true;
  readonly resume?: string;
  readonly require?: readonly string[];
  readonly expect?: readonly string[];
  readonly proxy?: string;
  readonly login?: true;
  readonly user?: string;
  readonly acceptHost?: readonly string[];
  readonly completion?: string;
  readonly quiet?: true;
  readonly color: boolean;
  readonly progress: boolean;
}

export type Parsed =
  | { readonly kind: 'run'; readonly queries: readonly string[]; readonly options: RawOptions }
  /** `--help` or `--version`: text for stdout. */
  | { readonly kind: 'text'; readonly text: string }
  /** One line that says what is wrong. */
  | { readonly kind: 'wrong'; readonly message: string };

/** @param helpWidth columns for the help text */
export function parseArguments(argv: readonly string[], helpWidth: number): Parsed {
  let text = '';
  const program = declare();
  program.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    writeErr: () => {},
    outputError: () => {},
    getOutHelpWidth: () => helpWidth,
    getOutHasColors: () => false,
  });
  program.exitOverride();
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'text', text };
    return { kind: 'wrong', message: oneLine(error.message) };
  }
  return { kind: 'run', queries: program.args, options: program.opts<RawOptions>() };
}

export function helpText(width: number): string {
  const help = declare();
  help.configureOutput({ getOutHelpWidth: () => width, getOutHasColors: () => false });
  let text = '';
  help.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  help.outputHelp();
  return text;
}

const PASSWORD_OPTION = /^unknown option '--(?:pass|password|pw|secret|token)'$/;

/**
 * commander's "error: unknown option '--jsn'\n(Did you mean --json?)" as one line, without the value
 * that it repeats: `--password=…` is what people try first.
 */
function oneLine(message: string): string {
  return message
    .replace(/^error: /, '')
    .replace(/^(unknown option '(?:--[^'=]*|-[^-']))[\s\S]*'/, "$1'")
    .replace(PASSWORD_OPTION, '$& (a password is never an argument: see --login)')
    .replace(/\s*\n\(Did you mean (.*)\?\)\s*$/, ' (did you mean $1?)')
    .replace(/\s*\n\s*/g, ' ');
}
