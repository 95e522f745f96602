/** What a stream can show: colours, Unicode, and how wide a line may be. */

export interface OutputStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface Look {
  readonly color: boolean;
  readonly unicode: boolean;
  readonly width: number;
}

const USUAL_WIDTH = 80;
const MIN_WIDTH = 20;

/** @param wanted false when the user said `--no-color` */
export function lookOf(stream: OutputStream, env: NodeJS.ProcessEnv, wanted = true): Look {
  const columns = stream.isTTY === true ? stream.columns : undefined;
  return {
    color: wanted && showsColor(stream, env),
    unicode: showsUnicode(env),
    width: Math.max(MIN_WIDTH, columns || USUAL_WIDTH),
  };
}

/** As Node itself decides: FORCE_COLOR counts before NO_COLOR, and NO_COLOR counts when not empty. */
function showsColor(stream: OutputStream, env: NodeJS.ProcessEnv): boolean {
  if (env.FORCE_COLOR !== undefined) return !/^(0|false)$/i.test(env.FORCE_COLOR);
  if (env.NO_COLOR) return false;
  return stream.isTTY === true && env.TERM !== 'dumb';
}

function showsUnicode(env: NodeJS.ProcessEnv): boolean {
  // The Linux console's font has few of the signs.
  if (env.TERM === 'linux' || env.TERM === 'dumb') return false;
  if (env.WT_SESSION || env.TERM_PROGRAM === 'vscode') return true;
  // POSIX: the first of these that is set and not empty counts.
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return /utf-?8/i.test(locale);
}
