/** Completion for bash 3.2 and newer, without the bash-completion package. */
import type { OptionFacts } from '../options/table.ts';

export function bashScript(options: readonly OptionFacts[]): string {
  const names = options.flatMap(({ short, long }) => (short ? [short, long] : [long]));
  return `# bash completion for smtp-find. In ~/.bashrc:
#   source <(smtp-find --completion bash)

# The words that begin with what follows the last comma.
_smtp_find_several() {
  local before=
  [[ $2 == *,* ]] && before=\${2%,*},
  COMPREPLY=( $(compgen -P "$before" -W "$1" -- "\${2##*,}") )
  compopt -o nospace 2>/dev/null
}

_smtp_find() {
  local current=\${COMP_WORDS[COMP_CWORD]} option=\${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  # bash takes "--format=json" for three words.
  if [[ $current == = ]]; then
    current=
  elif [[ $option == = && COMP_CWORD -ge 2 ]]; then
    option=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  case $option in
${options.map(branch).join('')}  esac
  if [[ $current == -* ]]; then
    COMPREPLY=( $(compgen -W '${names.join(' ')}' -- "$current") )
  fi
}

complete -F _smtp_find smtp-find
`;
}

function branch({ short, long, argument }: OptionFacts): string {
  if (argument.kind === 'none') return '';
  const pattern = short ? `${short} | ${long}` : long;
  return `    ${pattern})\n      ${action(argument)}\n      return ;;\n`;
}

function action(argument: OptionFacts['argument']): string {
  switch (argument.kind) {
    case 'none':
    case 'unknown':
      return ':';
    case 'file':
      return `local IFS=$'\\n'
      COMPREPLY=( $(compgen -f -- "$current") )
      compopt -o filenames 2>/dev/null`;
    case 'words': {
      const words = argument.words.join(' ');
      return argument.several
        ? `_smtp_find_several '${words}' "$current"`
        : `COMPREPLY=( $(compgen -W '${words}' -- "$current") )`;
    }
  }
}
