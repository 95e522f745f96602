import { expect, test } from 'vitest';
import { withinBudget } from '../../src/net/time.ts';

const never = (): AbortSignal => new AbortController().signal;

test('a task in time is what it comes to', async () => {
  expect(await withinBudget(1000, never(), async () => 'done')).toBe('done');
});

test('a task that takes too long is null, and is told to stop', async () => {
  let told: unknown;
  const task = (signal: AbortSignal): Promise<string> =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        told = signal.reason;
        reject(signal.reason);
      });
    });
  expect(await withinBudget(10, never(), task)).toBeNull();
  expect(told).toMatchObject({ name: 'DeadlinePassed' });
});

test('a task that pays no attention is not waited for', async () => {
  expect(await withinBudget(10, never(), () => new Promise(() => {}))).toBeNull();
});

test('without time left nothing is begun', async () => {
  expect(await withinBudget(0, never(), () => Promise.reject(new Error('begun')))).toBeNull();
});

test('the caller’s reason comes through, and so does the task’s own failure', async () => {
  const controller = new AbortController();
  const waiting = withinBudget(1000, controller.signal, () => new Promise(() => {}));
  const reason = new Error('enough');
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  await expect(withinBudget(1000, controller.signal, async () => 1)).rejects.toBe(reason);
  const failure = new Error('broken');
  await expect(withinBudget(1000, never(), () => Promise.reject(failure))).rejects.toBe(failure);
});
