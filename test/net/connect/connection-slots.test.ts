import { describe, expect, it } from 'vitest';
import { ConnectionSlots } from '../../../src/net/connect/connection-slots.ts';

const never = new AbortController().signal;

async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol();
  await new Promise((resolve) => setImmediate(resolve));
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
}

describe('connection slots', () => {
  it('are one for each address and port, served in turn', async () => {
    const slots = new ConnectionSlots();
    const release = await slots.acquire('192.0.2.1', 465, never);
    const order: number[] = [];
    const second = slots.acquire('192.0.2.1', 465, never);
    const third = slots.acquire('192.0.2.1', 465, never);
    void second.then(() => order.push(2));
    void third.then(() => order.push(3));
    expect(await isSettled(second)).toBe(false);
    release();
    release(); // Twice makes no second slot.
    const releaseSecond = await second;
    expect(await isSettled(third)).toBe(false);
    releaseSecond();
    (await third)();
    expect(order).toEqual([2, 3]);
  });

  it('are four for each address', async () => {
    const slots = new ConnectionSlots();
    const held = await Promise.all(
      [25, 465, 587, 2525].map((port) => slots.acquire('192.0.2.1', port, never)),
    );
    const fifth = slots.acquire('192.0.2.1', 26, never);
    const elsewhere = slots.acquire('192.0.2.2', 26, never);
    expect(await isSettled(elsewhere)).toBe(true);
    expect(await isSettled(fifth)).toBe(false);
    held[2]?.();
    expect(await isSettled(fifth)).toBe(true);
  });

  it('let a later waiter pass one that cannot go on yet', async () => {
    const slots = new ConnectionSlots();
    const held = await Promise.all(
      [1, 2, 3, 4].map((port) => slots.acquire('192.0.2.1', port, never)),
    );
    const samePort = slots.acquire('192.0.2.1', 1, never);
    const otherPort = slots.acquire('192.0.2.1', 5, never);
    held[1]?.();
    expect(await isSettled(otherPort)).toBe(true);
    expect(await isSettled(samePort)).toBe(false);
  });

  it('are not given to those who have left', async () => {
    const slots = new ConnectionSlots();
    const release = await slots.acquire('192.0.2.1', 465, never);
    const controller = new AbortController();
    const left = slots.acquire('192.0.2.1', 465, controller.signal);
    const stays = slots.acquire('192.0.2.1', 465, never);
    const reason = new Error('left');
    controller.abort(reason);
    await expect(left).rejects.toBe(reason);
    await expect(slots.acquire('192.0.2.9', 1, controller.signal)).rejects.toBe(reason);
    release();
    expect(await isSettled(stays)).toBe(true);
  });
});
