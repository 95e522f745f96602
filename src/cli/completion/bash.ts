/** Completion for bash 3.2 and newer, without the bash-completion package. */
import type { OptionFacts } from '../options/table.ts';

export function bashScript(options: readonly OptionFacts[]): string {
  const names = options.flatMap(({ short, long }) => (short ? [short, long] : [long]));
  return `# bash completion for smtp-find. In ~/.bashrc:
#   source <(smtp-find --completion bash)

# The words that begin with what follows the last comma of a value.
_smtp_find_several() {
  local before=
  [[ $2 == *,* ]] && before=\${2%,*},
  COMPREPLY=( $(compgen -P "$3$before" -W "$1" -- "\${2##*,}") )
  compopt -o nospace 2>/dev/null
}

_smtp_find() {
  local at=$COMP_CWORD word=\${COMP_WORDS[COMP_CWORD]} option value before
  COMPREPLY=()
  # bash takes "--format=json" for three words.
  while (( at > 1 )) && [[ \${COMP_WORDS[at]} == = || \${COMP_WORDS[at-1]} == = ]]; do
    at=$(( at - 1 ))
    word=\${COMP_WORDS[at]}$word
  done
  case $word in
    --*=*) option=\${word%%=*} value=\${word#*=} ;;
    -[!-]?*) option=\${word:0:2} value=\${word:2} ;;
    *) option=\${COMP_WORDS[at-1]} value=$word ;;
  esac
  before=\${word%"$value"}
  case $option in
${options.map(branch).join('')}    *)
      [[ $word == -* ]] && COMPREPLY=( $(compgen -W '${names.join(' ')}' -- "$word") ) ;;
  esac
  # What stands before the last "=" is another word to bash.
  if [[ $word == *=* && $COMP_WORDBREAKS == *=* ]]; then
    before=\${word%=*}=
    COMPREPLY=( "\${COMPREPLY[@]#"$before"}" )
  fi
}

complete -F _smtp_find smtp-find
`;
}

function branch({ short, long, argument }: OptionFacts): string {
  if (argument.kind === 'none') return '';
  const pattern = short ? `${short} | ${long}` : long;
  return `    ${pattern})\n      ${action(argument)} ;;\n`;
}

function action(argument: OptionFacts['argument']): string {
  switch (argument.kind) {
    case 'none':
    case 'unknown':
      return ':';
    case 'file':
      return `local IFS=$'\\n'
      COMPREPLY=( $(compgen -P "$before" -f -- "$value") )
      compopt -o filenames 2>/dev/null`;
    case 'words': {
      const words = argument.words.join(' ');
      return argument.several
        ? `_smtp_find_several '${words}' "$value" "$before"`
        : `COMPREPLY=( $(compgen -P "$before" -W '${words}' -- "$value") )`;
    }
  }
}
