import { expect, it } from 'vitest';
import { Turnstile } from '../../src/api/admission.ts';

const never = new AbortController().signal;

it('a task alone begins at once', async () => {
  const turnstile = new Turnstile();
  expect(await turnstile.run(never, async () => 7)).toBe(7);
});

it('tasks begin in the order in which they came, and run side by side', async () => {
  const turnstile = new Turnstile();
  const begun: number[] = [];
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const all = [1, 2, 3].map((id) =>
    turnstile.run(never, async () => {
      begun.push(id);
      if (id === 3) release();
      await gate;
    }),
  );
  await Promise.all(all);
  expect(begun).toEqual([1, 2, 3]);
});

it('while the process is too busy, nothing more begins', async () => {
  const turnstile = new Turnstile();
  let busy = true;
  const hog = turnstile.run(never, async () => {
    for (let i = 0; i < 8; i++) {
      const until = performance.now() + 40;
      while (performance.now() < until);
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    busy = false;
  });
  const next = turnstile.run(never, async () => busy);
  await hog;
  expect(await next).toBe(false);
});

it('a task that is aborted while it waits never begins, and holds up no one', async () => {
  const turnstile = new Turnstile();
  const controller = new AbortController();
  const first = turnstile.run(never, () => new Promise((resolve) => setTimeout(resolve, 20)));
  const second = turnstile.run(controller.signal, async () => 'begun');
  const third = turnstile.run(never, async () => 'third');
  controller.abort(new Error('enough'));
  await expect(second).rejects.toThrow('enough');
  expect(await third).toBe('third');
  await first;
});
