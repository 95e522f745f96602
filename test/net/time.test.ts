import { describe, expect, it, test, vi } from 'vitest';
import { abortable, settleOnce, withinBudget } from '../../src/net/time.ts';

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

describe('settleOnce', () => {
  it('takes the first call, and ends the work once', async () => {
    const end = vi.fn();
    const settled = settleOnce<string>(never(), (resolve, reject) => {
      setImmediate(() => {
        resolve('first');
        resolve('second');
        reject(new Error('third'));
      });
      return end;
    });
    expect(await settled).toBe('first');
    expect(end).toHaveBeenCalledTimes(1);
  });

  it('ends work that was over before it had begun', async () => {
    const end = vi.fn();
    expect(
      await settleOnce<string>(never(), (resolve) => {
        resolve('at once');
        return end;
      }),
    ).toBe('at once');
    expect(end).toHaveBeenCalledTimes(1);
  });

  it('rejects with the signal’s reason, and ends the work', async () => {
    const controller = new AbortController();
    const end = vi.fn();
    const settled = settleOnce(controller.signal, () => end);
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(settled).rejects.toBe(reason);
    expect(end).toHaveBeenCalledTimes(1);
  });

  it('begins nothing once the signal has aborted', async () => {
    const begin = vi.fn();
    await expect(settleOnce(AbortSignal.abort(), begin)).rejects.toThrow();
    expect(begin).not.toHaveBeenCalled();
  });

  it('rejects with what the beginning throws', async () => {
    const failure = new Error('broken');
    await expect(
      settleOnce(never(), () => {
        throw failure;
      }),
    ).rejects.toBe(failure);
  });
});

test('a promise that is no longer waited for may fail unheard', async () => {
  const failing = Promise.reject(new Error('unheard'));
  await expect(abortable(failing, AbortSignal.abort(new Error('left')))).rejects.toThrow('left');
});
