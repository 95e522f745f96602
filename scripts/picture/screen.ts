/** What a terminal shows after it was written to, as a terminal emulator has it. */
import headless, { type IBufferCell, type IBufferLine } from '@xterm/headless';
import type { TerminalSize } from './pseudo-terminal.ts';

/** Neighbouring characters that look alike and are equally wide. */
export interface Run {
  readonly column: number;
  /** Columns; twice the characters where those are wide. */
  readonly width: number;
  readonly text: string;
  readonly ink: Ink;
}

export interface Ink {
  /** Of the sixteen that a theme defines; null: the usual one. */
  readonly color: number | null;
  readonly bold: boolean;
}

/** From the top, without the empty lines at the end. */
export type Screen = readonly (readonly Run[])[];

export async function screenOf(written: string, { columns, rows }: TerminalSize): Promise<Screen> {
  const terminal = new headless.Terminal({ cols: columns, rows, allowProposedApi: true });
  try {
    await new Promise<void>((resolve) => terminal.write(written, resolve));
    const { active } = terminal.buffer;
    const lines = Array.from({ length: active.length }, (_, y) => runsOf(active.getLine(y)));
    return lines.slice(0, lines.findLastIndex((runs) => runs.length > 0) + 1);
  } finally {
    terminal.dispose();
  }
}

function runsOf(line: IBufferLine | undefined): readonly Run[] {
  const runs: Run[] = [];
  for (let column = 0; column < (line?.length ?? 0); column++) {
    const cell = line?.getCell(column);
    const text = cell?.getChars() ?? '';
    // The second half of a wide character is empty, and so is what nobody wrote to.
    if (!cell || text === '') continue;
    const width = cell.getWidth();
    const ink = inkOf(cell);
    const last = runs.at(-1);
    const isMore =
      last !== undefined &&
      last.column + last.width === column &&
      isSame(last.ink, ink) &&
      [...last.text].length * width === last.width;
    if (isMore) runs.splice(-1, 1, { ...last, width: last.width + width, text: last.text + text });
    else runs.push({ column, width, text, ink });
  }
  return runs.filter(({ text }) => text.trim() !== '');
}

function inkOf(cell: IBufferCell): Ink {
  return {
    color: cell.isFgPalette() ? cell.getFgColor() : null,
    bold: cell.isBold() !== 0,
  };
}

function isSame(one: Ink, other: Ink): boolean {
  return one.color === other.color && one.bold === other.bold;
}
