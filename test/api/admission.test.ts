import { expect, it } from 'vitest';
import { Admission, timerLateness } from '../../src/api/admission.ts';

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
  const measured: number[] = [];
  const admission = new Admission(async () => {
    const late = [50, 13, 12][measured.length] ?? 0;
    measured.push(late);
    return late;
  });
  const first = admission.run(never, () => new Promise((resolve) => setImmediate(resolve)));
  const next = admission.run(never, async () => [...measured]);
  expect(await next).toEqual([50, 13, 12]);
  await first;
});

it('a process is as busy as its timers are late', async () => {
  const measuring = timerLateness();
  const until = performance.now() + 60;
  while (performance.now() < until);
  expect(await measuring).toBeGreaterThan(50);
});

it('a task that is aborted while it waits never begins, and holds up no one', async () => {
  let leave = (): void => {};
  const staying = new Promise<void>((resolve) => {
    leave = resolve;
  });
  let busy = true;
  const admission = new Admission(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return busy ? 100 : 0;
  });
  const controller = new AbortController();
  const first = admission.run(never, () => staying);
  const second = admission.run(controller.signal, async () => 'begun');
  const third = admission.run(never, async () => 'third');
  controller.abort(new Error('enough'));
  await expect(second).rejects.toThrow('enough');
  busy = false;
  expect(await third).toBe('third');
  leave();
  await first;
});
