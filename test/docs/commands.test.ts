/** Every command in the documents does what they say; those that need programs in test/real/docs.ts. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitCodes, notRun, notRunBeginning, typed } from './expectations.ts';
import { lessons } from './lessons.ts';
import { isNotRun, programsOf, runLesson } from './run-lesson.ts';
import { createDocsWorld, type DocsWorld } from './world.ts';

const read = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('the documents', () => {
  let world: DocsWorld;
  beforeAll(async () => {
    world = await createDocsWorld();
  });
  afterAll(() => world.stop());

  const here = lessons.filter((lesson) => programsOf(lesson).length === 0);
  it.each(here.filter(({ steps }) => !steps.every(isNotRun)))(
    'are right at $place',
    async (lesson) => {
      expect(await runLesson(lesson, world)).toEqual([]);
    },
  );
});

describe('what is expected of them', () => {
  const commands = lessons.flatMap(({ steps }) => steps.map(({ command }) => command));

  it('speaks only of commands that they have', () => {
    const listed = [exitCodes, typed, notRun].flatMap((table) => Object.keys(table));
    expect(listed.filter((command) => !commands.includes(command))).toEqual([]);
    const unused = Object.keys(notRunBeginning).filter(
      (beginning) => !commands.some((command) => command.startsWith(beginning)),
    );
    expect(unused).toEqual([]);
  });

  it('leaves to .ci/run only what that runs, and to npm only its scripts', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const ci = read('.ci/run');
    for (const [command, reason] of Object.entries(notRun)) {
      if (reason === 'by .ci/run') expect(ci).toContain(command);
      const [, script] = /^npm run (\S+)/.exec(command) ?? [];
      if (script !== undefined) expect(scripts).toHaveProperty([script]);
    }
  });
});
