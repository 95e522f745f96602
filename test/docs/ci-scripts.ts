/** The shell scripts in a GitHub workflow's steps or a GitLab job, as its runner would run them. */

/** Names of secrets in the examples, and what the runner puts in their place. */
const SECRETS: Readonly<Record<string, string>> = { MAIL_PASSWORD: 'correct-horse' };

/**
 * Reads the little YAML that such examples need.
 * @returns the whole of a `run:`, a `script:` or an `after_script:` each
 * @throws Error for YAML that it might misunderstand
 */
export function ciScripts(yaml: string): string[] {
  const lines = yaml.split('\n').filter((line) => line.trim() !== '');
  return lines.flatMap((line, index) => {
    const [, indent = '', key = '', value = ''] =
      /^( *(?:- )?)(run|script|after_script|before_script):(?: (.*))?$/.exec(line) ?? [];
    if (key === '') return [];
    const below = deeper(lines.slice(index + 1), indent.length);
    if (key !== 'run') return [['set -eo pipefail', ...items(below)].join('\n')];
    const env = variables(siblings(lines, index, indent.length), indent.length);
    const script = value === '>' ? below.map((part) => part.trim()).join(' ') : plain(value);
    return [[...env, script].join('\n')];
  });
}

function deeper(lines: readonly string[], indent: number): string[] {
  const end = lines.findIndex((line) => indentOf(line) <= indent);
  return lines.slice(0, end === -1 ? lines.length : end);
}

/** The rest of a step. */
function siblings(lines: readonly string[], index: number, indent: number): string[] {
  return deeper(lines.slice(index + 1), indent - 1);
}

function items(lines: readonly string[]): string[] {
  return lines.map((line) => {
    const [, item] = /^ *- (.*)$/.exec(line) ?? [];
    if (item === undefined) throw new Error(`no item of a list: ${line}`);
    return plain(item);
  });
}

function variables(lines: readonly string[], indent: number): string[] {
  const start = lines.findIndex((line) => line.trim() === 'env:' && indentOf(line) === indent);
  if (start === -1) return [];
  return deeper(lines.slice(start + 1), indent).map((line) => {
    const [, name = '', secret = ''] = /^ *(\w+): \$\{\{ secrets\.(\w+) \}\}$/.exec(line) ?? [];
    const value = SECRETS[secret];
    if (value === undefined) throw new Error(`no secret of the examples: ${line}`);
    return `export ${name}='${value}'`;
  });
}

/** A plain scalar on one line, which says nothing else to YAML than to us. */
function plain(value: string): string {
  if (/^[\s"'|>&*!%@`#{[]|: | #|:$/.test(value)) throw new Error(`more than plain YAML: ${value}`);
  return value;
}

function indentOf(line: string): number {
  return line.search(/\S/);
}
