import { describe, expect, it, vi } from 'vitest';
import { SharedCache } from '../../src/net/shared-cache.ts';

const never = new AbortController().signal;

describe('a shared cache', () => {
  it('asks equal questions once while they are under way, and keeps the answer', async () => {
    const cache = new SharedCache<number>(10);
    const task = vi.fn(async () => 7);
    const [a, b] = await Promise.all([
      cache.get('k', never, task, () => 1000),
      cache.get('k', never, task, () => 1000),
    ]);
    expect([a, b, await cache.get('k', never, task, () => 1000)]).toEqual([7, 7, 7]);
    expect(task).toHaveBeenCalledTimes(1);
  });

  it('forgets when the time is over, and does not keep what holds for no time', async () => {
    let now = 0;
    const cache = new SharedCache<number>(10, () => now);
    const task = vi.fn(async () => 1);
    await cache.get('k', never, task, () => 100);
    now = 100;
    await cache.get('k', never, task, () => 0);
    await cache.get('k', never, task, () => 0);
    expect(task).toHaveBeenCalledTimes(3);
  });

  it('cancels the task only when the last who waits has left', async () => {
    const cache = new SharedCache<number>(10);
    const first = new AbortController();
    const second = new AbortController();
    let inner: AbortSignal | undefined;
    const task = (signal: AbortSignal): Promise<number> => {
      inner = signal;
      return new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason)),
      );
    };
    const a = cache.get('k', first.signal, task, () => 1);
    const b = cache.get('k', second.signal, task, () => 1);
    first.abort(new Error('first left'));
    await expect(a).rejects.toThrow('first left');
    expect(inner?.aborted).toBe(false);
    second.abort(new Error('second left'));
    await expect(b).rejects.toThrow('second left');
    expect(inner?.aborted).toBe(true);
  });

  it('gives up the answer longest unused beyond its limit', async () => {
    const cache = new SharedCache<string>(2);
    const ask = (key: string, task: () => Promise<string>): Promise<string> =>
      cache.get(key, never, task, () => 1000);
    await ask('a', async () => 'a');
    await ask('b', async () => 'b');
    await ask('a', async () => 'again');
    await ask('c', async () => 'c');
    const again = vi.fn(async () => 'new');
    expect(await ask('a', again)).toBe('a');
    expect(await ask('b', again)).toBe('new');
    expect(again).toHaveBeenCalledTimes(1);
  });

  it('weighs what it keeps', async () => {
    const cache = new SharedCache<string>(10, undefined, (text) => text.length);
    const ask = (key: string, task: () => Promise<string>): Promise<string> =>
      cache.get(key, never, task, () => 1000);
    await ask('a', async () => '1234');
    await ask('b', async () => '1234');
    await ask('c', async () => '12345');
    await ask('d', async () => 'longer than all');
    const again = vi.fn(async () => 'x');
    for (const key of ['a', 'b', 'c', 'd']) await ask(key, again);
    expect(again).toHaveBeenCalledTimes(4);
    await ask('a', again);
    await ask('d', again);
    expect(again).toHaveBeenCalledTimes(4);
  });

  it('does not keep a failure', async () => {
    const cache = new SharedCache<number>(2);
    const fail = async (): Promise<number> => {
      throw new Error('no');
    };
    await expect(cache.get('k', never, fail, () => 1000)).rejects.toThrow('no');
    expect(
      await cache.get(
        'k',
        never,
        async () => 2,
        () => 1000,
      ),
    ).toBe(2);
  });
});
