/** Completion for fish 3 and newer. */
import type { Completed } from '../options/option-table.ts';

export function fishScript(options: readonly Completed[]): string {
  return `# fish completion for smtp-find:
#   smtp-find --completion fish > ~/.config/fish/completions/smtp-find.fish
complete -c smtp-find -f
${options.map(line).join('\n')}
`;
}

function line({ short, long, description, argument }: Completed): string {
  const parts = [
    'complete -c smtp-find',
    ...(short ? [`-s ${short.slice(1)}`] : []),
    `-l ${long.slice(2)}`,
    ...value(argument),
    `-d ${quote(description)}`,
  ];
  return parts.join(' ');
}

function value(argument: Completed['argument']): string[] {
  switch (argument.kind) {
    case 'none':
      return [];
    case 'unknown':
      return ['-x'];
    case 'file':
      return ['-r -F'];
    case 'words': {
      const words = argument.words.join(' ');
      return [`-x -a ${quote(argument.several ? `(__fish_append , ${words})` : words)}`];
    }
  }
}

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
