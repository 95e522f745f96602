/** Completion for zsh, both for a folder of $fpath and to be sourced. */
import type { OptionFacts } from '../options/table.ts';

export function zshScript(options: readonly OptionFacts[]): string {
  return `#compdef smtp-find
# zsh completion for smtp-find. In ~/.zshrc, after compinit:
#   source <(smtp-find --completion zsh)
# or, as a file of its own in a folder of $fpath:
#   smtp-find --completion zsh > _smtp-find

_smtp_find() {
  _arguments -s -S \\
${options.map((option) => `    ${spec(option)} \\\n`).join('')}    '*:address or domain: '
}

if [[ \${funcstack[1]} == _smtp-find ]]; then
  _smtp_find "$@"
else
  compdef _smtp_find smtp-find
fi
`;
}

function spec(option: OptionFacts): string {
  const { short, long, repeatable, argument } = option;
  const takesValue = argument.kind !== 'none';
  const names = [
    ...(short ? [`${short}${takesValue ? '+' : ''}`] : []),
    `${long}${takesValue ? '=' : ''}`,
  ];
  const [first = '', second] = names;
  const spelled = second === undefined ? quote(first) : `{${first},${second}}`;
  // Which others it rules out: itself under its other name, unless it may be given again.
  const rule = repeatable ? `'*'` : short ? quote(`(${short} ${long})`) : '';
  return `${rule}${spelled}${quote(`[${escaped(option.description)}]${value(option)}`)}`;
}

function value({ value = '', argument }: OptionFacts): string {
  const message = escaped(value);
  switch (argument.kind) {
    case 'none':
      return '';
    case 'unknown':
      return `:${message}: `;
    case 'file':
      return `:${message}:_files`;
    case 'words': {
      const words = argument.words.join(' ');
      return argument.several
        ? `:${message}:_sequence -s , compadd -S "" - ${words}`
        : `:${message}:(${words})`;
    }
  }
}

/** What _arguments would take for its own signs. */
function escaped(text: string): string {
  return text.replace(/[\\[\]:]/g, '\\$&');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
