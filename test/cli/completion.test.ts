/** The completions, in the real shells where they are installed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { optionTable, shells, sourceNames } from '../../src/cli/options/table.ts';
import { runFake } from './fake-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'smtp-find-'));
const has = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;

beforeAll(async () => {
  for (const shell of shells) {
    const { code, stdout, stderr } = await runFake(['--completion', shell]);
    expect([code, stderr]).toEqual([0, '']);
    writeFileSync(join(folder, shell), stdout);
  }
  mkdirSync(join(folder, 'lists'));
  for (const name of ['one.csv', 'two words.txt']) writeFileSync(join(folder, 'lists', name), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a shell offers for a line with the cursor at its end. */
type Complete = (line: string) => string[];

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

function execute(shell: string, script: string): string {
  return execFileSync(shell, shell === 'fish' ? ['--no-config', '-c', script] : ['-c', script], {
    cwd: join(folder, 'lists'),
    encoding: 'utf8',
    env: { ...process.env, HOME: folder, LANG: 'C.UTF-8', TERM: 'dumb' },
  });
}

/** bash cuts words at = as well. */
const bash: Complete = (line) => {
  const words = line.split(/ |(?<==)|(?==)/).map((word) => `'${word}'`);
  const script = `source ../bash; COMP_WORDBREAKS=$' \\t\\n"><=;|&(:'
    COMP_WORDS=(${words.join(' ')})
    COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 )); _smtp_find; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return lines(execute('bash', script));
};

const fish: Complete = (line) =>
  lines(execute('fish', `source ../fish; complete -C '${line}'`)).map(
    (shown) => shown.split('\t')[0] ?? '',
  );

/** An interactive zsh in a terminal of its own; what compadd is given is what would be shown. */
const zsh: Complete = (line) => {
  const script = `zmodload zsh/zpty
    zpty z zsh -f -i
    zpty -w z 'PS1=; unsetopt zle_bracketed_paste; autoload -Uz compinit; compinit -u -D; source ../zsh'
    zpty -w z 'compadd() { [[ " $* " == *" -O "* || " $* " == *" -A "* || " $* " == *" -D "* ]] && { builtin compadd "$@"; return }; local -a hits; builtin compadd -O hits "$@"; print -rl -- "<"\${^hits}">" >> ../zsh-out; builtin compadd "$@" }'
    zpty -w z 'print READY > ../zsh-ready'
    for i in {1..100}; do [[ -e ../zsh-ready ]] && break; sleep 0.05; done
    : > ../zsh-out
    zpty -n -w z ${JSON.stringify(line)}$'\\t'
    for i in {1..40}; do sleep 0.05; [[ -s ../zsh-out ]] && break; done
    sleep 0.2
    zpty -d z
    cat ../zsh-out; rm -f ../zsh-ready ../zsh-out`;
  return lines(execute('zsh', script)).map((shown) => shown.slice(1, -1));
};

describe('the option table', () => {
  it('has a value for everything that takes one', () => {
    expect(optionTable().find(({ long }) => long === '--format')?.value).toBe('name');
  });

  it('refuses other shells in one line', async () => {
    const { code, stderr } = await runFake(['--completion', 'tcsh']);
    expect(stderr).toBe(
      'smtp-find: --completion cannot be "tcsh": expected one of bash, zsh, fish\n',
    );
    expect(code).toBe(2);
  });
});

describe('fish', () => {
  it.skipIf(!has('fish'))(
    'does not repeat what the option is for beside each of its values',
    () => {
      const shown = (line: string): readonly string[] =>
        lines(execute('fish', `source ../fish; complete -C '${line}'`));
      expect(shown('smtp-find -f no')).toEqual(['nodemailer']);
      expect(shown('smtp-find --only autod')).toEqual(['autodiscover']);
      expect(shown('smtp-find --form')).toEqual([expect.stringMatching(/^--format\t.*default/)]);
    },
  );
});

describe('bash, which cuts words at =', () => {
  it.skipIf(!has('bash'))(
    'completes a value that stands close to its option, or has a sign',
    () => {
      const bare = (line: string): string[] =>
        bash(line).map((word) => word.replace(/^.*[=,]|^-f/, '').trim());
      expect(bare('smtp-find -fno')).toEqual(['nodemailer']);
      expect(bare('smtp-find --require provider=postm')).toEqual(['postmark']);
      expect(bare('smtp-find --require=provider=postm')).toEqual(['postmark']);
      expect(bare('smtp-find --require verified,provider=postm')).toEqual(['postmark']);
      expect(bare('smtp-find --expect encryption=st')).toEqual(['starttls']);
      expect(bare('smtp-find --fields host,po')).toEqual(['port']);
      expect(bare('smtp-find --fields=host,po')).toEqual(['port']);
    },
  );
});

describe.each([
  ['bash', bash],
  ['fish', fish],
  ['zsh', zsh],
] as const)('%s', (shell, complete) => {
  it.skipIf(!has(shell))('completes options', () => {
    const offered = complete('smtp-find --co');
    expect(offered.map((name) => name.replace(/=$/, '')).sort()).toEqual([
      ...['--completion', '--concurrency', '--connect-to'],
    ]);
  });

  it.skipIf(!has(shell))('completes the value of an option, short or long', () => {
    expect(complete('smtp-find -f no')).toEqual(['nodemailer']);
    expect(complete('smtp-find --format py')).toEqual(['python']);
    expect(complete('smtp-find --format=py').map((word) => word.replace(/^--format=/, ''))).toEqual(
      ['python'],
    );
    expect(complete('smtp-find --provider postm')).toEqual(['postmark']);
  });

  it.skipIf(!has(shell))('completes providers that there is something to say of', () => {
    expect(complete('smtp-find --provider mimecas')).toEqual([]);
    expect(complete('smtp-find --provider amazon-ec')).toEqual([]);
    expect(complete('smtp-find --provider tutano')).toEqual(['tutanota']);
  });

  it.skipIf(!has(shell))('completes each of several values', () => {
    expect(complete('smtp-find --only autod').map((word) => word.replace(/,$/, ''))).toEqual([
      'autodiscover',
    ]);
    const more = complete('smtp-find --skip srv,pac').map((word) => word.replace(/^srv,/, ''));
    expect(more).toEqual(['pacc']);
    expect(sourceNames).toContain('pacc');
  });

  it.skipIf(!has(shell))('completes files where files are wanted, and only there', () => {
    expect(complete('smtp-find --input o')).toEqual(['one.csv']);
    expect(complete('smtp-find --input two').map((word) => word.replaceAll('\\', ''))).toEqual([
      'two words.txt',
    ]);
    expect(complete('smtp-find o')).toEqual([]);
    expect(complete('smtp-find --timeout o')).toEqual([]);
  });
});
