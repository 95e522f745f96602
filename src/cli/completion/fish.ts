/** Completion for fish 3 and newer. */
import type { OptionFacts } from '../options/table.ts';

export function fishScript(options: readonly OptionFacts[]): string {
  return `# fish completion for smtp-find:
#   smtp-find --completion fish > ~/.config/fish/completions/smtp-find.fish
complete -c smtp-find -f
${options.map(line).join('\n')}
`;
}

function line({ short, long, description, argument }: OptionFacts): string {
  const parts = [
    'complete -c smtp-find',
    ...(short ? [`-s ${short.slice(1)}`] : []),
    `-l ${long.slice(2)}`,
    ...value(argument),
    `-d ${quote(description)}`,
  ];
  return parts.join(' ');
}

function value(argument: OptionFacts['argument']): string[] {
  switch (argument.kind) {
    case 'none':
      return [];
    case 'unknown':
      return ['-x'];
    case 'file':
      return ['-r -F'];
    case 'words': {
      // The tab ends the word's own description: else each has the option's.
      const words = argument.words.map((word) => `${word}\\t`).join(' ');
      return [`-x -a ${quote(argument.several ? `(__fish_append , ${words})` : words)}`];
    }
  }
}

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
