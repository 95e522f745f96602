import { expect, it } from 'vitest';
import { Admission } from '../../src/api/admission.ts';

const never = new AbortController().signal;

it('a task alone begins at once', async () => {
  const admission = new Admission();
  expect(await admission.run(never, async () => 7)).toBe(7);
});

it('tasks begin in the order in which they came, and run side by side', async () => {
  const admission = new Admission();
  const begun: number[] = [];
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const all = [1, 2, 3].map((id) =>
    admission.run(never, async () => {
      begun.push(id);
      if (id === 3) release();
      await gate;
    }),
  );
  await Promise.all(all);
  expect(begun).toEqual([1, 2, 3]);
});

it('while the process is too busy, nothing more begins', async () => {
  const admission = new Admission();
  let busy = true;
  const hog = admission.run(never, async () => {
    for (let i = 0; i < 8; i++) {
      const until = performance.now() + 40;
      while (performance.now() < until);
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    busy = false;
  });
  const next = admission.run(never, async () => busy);
  await hog;
  expect(await next).toBe(false);
});

it('a task that is aborted while it waits never begins, and holds up no one', async () => {
  const admission = new Admission();
  const controller = new AbortController();
  const first = admission.run(never, () => new Promise((resolve) => setTimeout(resolve, 20)));
  const second = admission.run(controller.signal, async () => 'begun');
  const third = admission.run(never, async () => 'third');
  controller.abort(new Error('enough'));
  await expect(second).rejects.toThrow('enough');
  expect(await third).toBe('third');
  await first;
});
