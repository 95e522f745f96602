import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Connect,
  type ConnectorOptions,
  createConnector,
} from '../../../src/net/connect/connect.ts';
import { parseConnectTo } from '../../../src/net/connect/connect-to.ts';
import { ConnectFailure, type Connection, type HostAnswer } from '../../../src/net/network.ts';
import { isSettled, pass, stopClock } from '../../clock.ts';
import { closed, closedPort, listenRaw } from '../servers.ts';
import { openSilentPort, type SilentPort } from '../silent-port.ts';

const never = new AbortController().signal;

/** Hosts with fixed addresses, all of them allowed. */
function connector(
  hosts: Readonly<Record<string, readonly string[] | HostAnswer>>,
  options: Partial<ConnectorOptions> = {},
): Connect {
  return createConnector({
    isForbidden: () => false,
    resolveHost: async (host) => {
      const known = hosts[host] ?? [];
      if ('kind' in known) return known;
      return known.length > 0 ? { kind: 'addresses', addresses: known } : { kind: 'none' };
    },
    ...options,
  });
}

async function failureOf(connection: Promise<Connection>): Promise<ConnectFailure> {
  const error = await connection.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ConnectFailure)) throw error;
  return error;
}

/** Loopback addresses that tell one race's attempts apart. */
const [A, B, C] = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];
let silent: SilentPort;
beforeAll(async () => {
  silent = await openSilentPort(A);
});
afterAll(() => silent.close());

describe('connecting', () => {
  it('connects to the only address', async () => {
    const { port } = await listenRaw((socket) => socket.end('hello'));
    const connection = await connector({ 'smtp.example': [A] })('smtp.example', port, {
      signal: never,
    });
    expect(connection).toMatchObject({ address: A, port });
    expect(String((await once(connection.socket, 'data'))[0])).toBe('hello');
    connection.socket.destroy();
  });

  it('goes on at once when an address refuses', async () => {
    const { port } = await listenRaw(() => {}, B);
    stopClock(); // So no delay between attempts ends.
    const { socket, address } = await connector({ 'smtp.example': [A, B] })('smtp.example', port, {
      signal: never,
    });
    expect(address).toBe(B);
    socket.destroy();
  });

  it('goes on after a quarter of a second when an address is silent, and drops that attempt', async () => {
    await listenRaw(() => {}, B, silent.port);
    const sockets: Socket[] = [];
    const connect = connector(
      { 'smtp.example': [A, B] },
      { onSocket: (socket) => sockets.push(socket) },
    );
    stopClock();
    const connecting = connect('smtp.example', silent.port, { signal: never });
    await pass(249);
    expect(sockets).toHaveLength(1);
    await pass(1);
    const { socket, address } = await connecting;
    expect(address).toBe(B);
    expect(sockets.map(({ destroyed }) => destroyed)).toEqual([true, false]);
    socket.destroy();
  });

  it('does not call it refused when the peer resets what it has accepted', async () => {
    const reset = (socket: Socket): void =>
      void socket.destroy(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    const { port } = await listenRaw(() => {});
    const connect = connector({ 'smtp.example': [A] }, { onSocket: reset });
    expect(await failureOf(connect('smtp.example', port, { signal: never }))).toMatchObject({
      reason: 'reset',
      reached: true,
      tried: [A],
    });
  });

  it('lets an error of the socket it handed out not end the process', async () => {
    const { port } = await listenRaw((socket) => {
      socket.once('data', () => socket.resetAndDestroy());
    });
    const { socket } = await connector({ 'smtp.example': [A] })('smtp.example', port, {
      signal: never,
    });
    socket.write('anything');
    await closed(socket);
  });

  it('tries addresses that come late', async () => {
    const { port } = await listenRaw(() => {}, B);
    const late = new Promise<readonly string[]>((resolve) => setTimeout(resolve, 30, [B]));
    const connect = connector({
      'smtp.example': { kind: 'addresses', addresses: [A], secondFamily: late },
    });
    const { socket, address } = await connect('smtp.example', port, { signal: never });
    expect(address).toBe(B);
    socket.destroy();
  });

  it('has failed only when the late addresses have failed', async () => {
    let arrive = (): void => {};
    const late = new Promise<readonly string[]>((resolve) => {
      arrive = () => resolve([]);
    });
    const sockets: Socket[] = [];
    const connect = connector(
      { 'smtp.example': { kind: 'addresses', addresses: [A], secondFamily: late } },
      { onSocket: (socket) => sockets.push(socket) },
    );
    const failing = failureOf(connect('smtp.example', await closedPort(), { signal: never }));
    await expect.poll(() => sockets.map((socket) => socket.closed)).toEqual([true]);
    expect(await isSettled(failing)).toBe(false);
    arrive();
    expect((await failing).reason).toBe('refused');
  });

  it('only uses the wanted family', async () => {
    const { port } = await listenRaw(() => {});
    const connect = connector({ six: ['::1'], both: ['::1', A] }, { family: 4 });
    const { socket, address } = await connect('both', port, { signal: never });
    expect(address).toBe(A);
    socket.destroy();
    const failure = await failureOf(connect('six', port, { signal: never }));
    expect(failure).toMatchObject({ reason: 'no-such-host', message: 'six has no IPv4 address' });
  });

  it('ends with the reason of its signal, leaving nothing open', async () => {
    const sockets: Socket[] = [];
    const connect = connector(
      { 'smtp.example': [A] },
      { onSocket: (socket) => sockets.push(socket) },
    );
    const controller = new AbortController();
    const connection = connect('smtp.example', silent.port, { signal: controller.signal });
    const reason = new Error('enough');
    setTimeout(() => controller.abort(reason), 30);
    await expect(connection).rejects.toBe(reason);
    expect(sockets.map(({ destroyed }) => destroyed)).toEqual([true]);
    await expect(connect('smtp.example', silent.port, { signal: controller.signal })).rejects.toBe(
      reason,
    );
  });
});

describe('a failed connection', () => {
  it('says that the host does not exist', async () => {
    const failure = await failureOf(connector({})('smtp.example', 465, { signal: never }));
    expect(failure).toMatchObject({
      reason: 'no-such-host',
      reached: true,
      message: 'smtp.example does not exist or has no addresses',
    });
  });

  it('says that the name could not be looked up, without control characters', async () => {
    const connect = connector({
      'smtp.example': {
        kind: 'failed',
        detail: 'SERVFAIL\u001b[31m from\r\n192.0.2.53',
        reached: true,
      },
    });
    const failure = await failureOf(connect('smtp.example', 465, { signal: never }));
    expect(failure).toMatchObject({
      reason: 'dns',
      reached: true,
      message: 'could not look up smtp.example: SERVFAIL from 192.0.2.53',
    });
  });

  it('says that the port is closed, and where', async () => {
    const port = await closedPort();
    const connect = connector({ 'smtp.example': [A, B] });
    const failure = await failureOf(connect('smtp.example', port, { signal: never }));
    expect(failure).toMatchObject({
      reason: 'refused',
      reached: true,
      message: `smtp.example:${port} refused the connection (127.0.0.1, 127.0.0.2)`,
    });
  });

  it('says that nothing answered within the deadline', async () => {
    stopClock();
    const failing = failureOf(
      connector({ 'smtp.example': [A] })('smtp.example', silent.port, {
        signal: never,
        deadlineMs: 200,
      }),
    );
    await pass(199);
    expect(await isSettled(failing)).toBe(false);
    await pass(1);
    expect(await failing).toMatchObject({
      reason: 'timeout',
      reached: false,
      message: `smtp.example:${silent.port} did not answer within 0.2 s (127.0.0.1)`,
    });
  });

  it('names the most telling reason when addresses fail differently, in any order', async () => {
    for (const addresses of [
      [A, B],
      [B, A],
    ]) {
      const failure = await failureOf(
        connector({ 'smtp.example': addresses })('smtp.example', silent.port, {
          signal: never,
          deadlineMs: 100,
        }),
      );
      expect(failure.reason).toBe('refused');
      expect(failure.message).toContain('(127.0.0.2)');
    }
  });

  it('says that every address is forbidden', async () => {
    const { port, count } = await listenRaw(() => {});
    const connect = connector(
      { 'smtp.example': [A, B], some: [A, C] },
      { isForbidden: (address) => address !== C },
    );
    const failure = await failureOf(connect('smtp.example', port, { signal: never }));
    expect(failure).toMatchObject({
      reason: 'blocked',
      message: `smtp.example:${port} leads to a forbidden address (127.0.0.1, 127.0.0.2)`,
    });
    expect((await failureOf(connect('some', port, { signal: never }))).reason).toBe('refused');
    expect(count()).toBe(0);
  });

  it('checks late addresses too', async () => {
    const { port, count } = await listenRaw(() => {});
    const late = Promise.resolve([A]);
    const connect = connector(
      { 'smtp.example': { kind: 'addresses', addresses: [], secondFamily: late } },
      { isForbidden: () => true },
    );
    const failure = await failureOf(connect('smtp.example', port, { signal: never }));
    expect(failure.reason).toBe('blocked');
    expect(count()).toBe(0);
  });

  it('never passes on what is no address, which would be looked up past the policy', async () => {
    const { port, count } = await listenRaw(() => {});
    const connect = connector({ 'smtp.example': ['localhost'] });
    const failure = await failureOf(connect('smtp.example', port, { signal: never }));
    expect(failure.reason).toBe('no-such-host');
    expect(count()).toBe(0);
  });

  it.each([
    ['no host', 465],
    ['smtp.example', 0],
    ['smtp.example', 70_000],
  ])('is the answer for %s and port %d', async (host, port) => {
    const failure = await failureOf(connector({})(host, port, { signal: never }));
    expect(failure.reason).toBe('no-such-host');
  });
});

describe('--connect-to', () => {
  it('puts another endpoint in place, which the policy does not concern', async () => {
    const { port } = await listenRaw(() => {}, B);
    const connect = connector(
      { 'stand-in': [B] },
      {
        isForbidden: () => true,
        connectTo: [parseConnectTo(`SMTP.example:465:stand-in:${port}`)],
      },
    );
    const { socket, ...place } = await connect('smtp.EXAMPLE', 465, { signal: never });
    expect(place).toMatchObject({ address: B, port });
    socket.destroy();
  });

  it('leaves the policy in force when only the port is the choice of the user', async () => {
    const connect = connector(
      { 'smtp.example': [A] },
      { isForbidden: () => true, connectTo: [parseConnectTo(':::25')] },
    );
    const failure = await failureOf(connect('smtp.example', 465, { signal: never }));
    expect(failure.reason).toBe('blocked');
  });

  it('is named in the failure', async () => {
    const port = await closedPort();
    const connect = connector(
      { [A]: [A] },
      { connectTo: [parseConnectTo(`smtp.example:465:${A}:${port}`)] },
    );
    const failure = await failureOf(connect('smtp.example', 465, { signal: never }));
    expect(failure.message).toBe(
      `smtp.example:465 (in its place 127.0.0.1:${port}) refused the connection (127.0.0.1)`,
    );
  });
});

describe('connection limits', () => {
  const limited = { signal: never, limited: true };

  it('make one connection at a time to one place, each after the other has closed', async () => {
    const { port, count } = await listenRaw(() => {});
    const connect = connector({ one: [A], two: [A] });
    const first = await connect('one', port, limited);
    stopClock();
    const second = connect('two', port, { ...limited, deadlineMs: 100 });
    // Longer than its deadline: waiting is free.
    await pass(150);
    expect(count()).toBe(1);
    first.socket.destroy();
    const { socket } = await second;
    expect(count()).toBe(2);
    socket.destroy();
  });

  it('let those who wait for a place leave', async () => {
    const { port } = await listenRaw(() => {});
    const connect = connector({ one: [A] });
    const first = await connect('one', port, limited);
    const controller = new AbortController();
    const second = connect('one', port, { signal: controller.signal, limited: true });
    controller.abort(new Error('left'));
    await expect(second).rejects.toThrow('left');
    first.socket.destroy();
  });

  it('do not try a place again that was silent a moment ago', async () => {
    const sockets: Socket[] = [];
    const connect = connector(
      { one: [A], two: [A] },
      { onSocket: (socket) => sockets.push(socket) },
    );
    const options = { ...limited, deadlineMs: 400 };
    stopClock();
    const failing = Promise.all([
      failureOf(connect('one', silent.port, options)),
      failureOf(connect('two', silent.port, options)),
    ]);
    await pass(400);
    const failures = await failing;
    expect(sockets).toHaveLength(1);
    expect(failures.map(({ reason }) => reason)).toEqual(['timeout', 'timeout']);
    expect(failures[1]?.message).toContain(`two:${silent.port} did not answer`);
  });

  it('try it again for those without connection limits', async () => {
    const connect = connector({ one: [A] });
    const port = await closedPort();
    await failureOf(connect('one', port, limited));
    const server = await listenRaw(() => {}, A, port);
    expect((await failureOf(connect('one', port, limited))).reason).toBe('refused');
    const { socket } = await connect('one', port, { signal: never });
    expect(server.port).toBe(port);
    socket.destroy();
  });

  it('never let races that want the same places block one another', async () => {
    await listenRaw(() => {}, C, silent.port);
    const connect = connector({ one: [A, B, C], two: [B, C, A], three: [C, A, B] });
    const names = ['one', 'two', 'three', 'one', 'two', 'three'];
    const addresses = await Promise.all(
      names.map(async (name) => {
        const { socket, address } = await connect(name, silent.port, {
          ...limited,
          deadlineMs: 1000,
        });
        setTimeout(() => socket.destroy(), 5);
        return address;
      }),
    );
    expect(addresses).toEqual(names.map(() => C));
  });
});
