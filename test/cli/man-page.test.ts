import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { manPage } from '../../scripts/man-page.ts';
import { optionTable } from '../../src/cli/options/table.ts';

const file = fileURLToPath(new URL('../../man/smtp-find.1', import.meta.url));
const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;

describe('the man page', () => {
  it('is what the option table makes of it: else run `npx tsx scripts/man-page.ts`', () => {
    expect(readFileSync(file, 'utf8')).toBe(manPage());
  });

  it('is in a list in package.json, since npm links no other', () => {
    const { man } = JSON.parse(
      readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
    ) as { readonly man: unknown };
    expect(man).toEqual(['man/smtp-find.1']);
  });

  it('has every option', () => {
    const page = manPage().replaceAll('\\-', '-');
    for (const { short, long } of optionTable()) {
      expect(page).toContain(short ? `\\fB${short}\\fR, \\fB${long}\\fR` : `\\fB${long}\\fR`);
    }
  });

  it('has the place of the configuration on every system', () => {
    const page = manPage().replaceAll('\\-', '-').replaceAll('\\e', '\\');
    expect(page).toContain('~/.config/smtp-find/config.json');
    expect(page).toContain('%APPDATA%\\smtp-find\\config.json');
  });

  it.skipIf(!has('mandoc'))('is clean to mandoc', () => {
    const { status, stdout, stderr } = spawnSync('mandoc', ['-Tlint', file], { encoding: 'utf8' });
    expect(stdout + stderr).toBe('');
    expect(status).toBe(0);
  });

  it.skipIf(!has('man'))('shows in man without complaints', () => {
    const { status, stdout, stderr } = spawnSync('man', ['--warnings', '-l', file], {
      encoding: 'utf8',
      env: { ...process.env, MANWIDTH: '80', LC_ALL: 'C.UTF-8', MANPAGER: 'cat' },
    });
    expect(stderr).toBe('');
    expect(stdout).toContain('-f, --format name');
    expect(status).toBe(0);
  });
});
