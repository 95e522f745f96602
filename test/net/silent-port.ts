/** A port whose machine never answers: its queue of connections is full, and no one accepts. */
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

const LISTENER = `
const { parentPort, workerData } = require('node:worker_threads');
const server = require('node:net').createServer();
server.listen({ host: workerData.host, port: 0, backlog: 1 }, () => {
  parentPort.postMessage(server.address().port);
  // The event loop stands still, so nothing is accepted.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});`;

export interface SilentPort {
  readonly port: number;
  close(): Promise<void>;
}

export async function openSilentPort(host = '127.0.0.1'): Promise<SilentPort> {
  const worker = new Worker(LISTENER, { eval: true, workerData: { host } });
  const port = await new Promise<number>((resolve) => worker.once('message', resolve));
  const fillers: Socket[] = [];
  // The kernel takes in a few before it falls silent.
  for (let full = false; !full && fillers.length < 16; ) {
    const filler = connect({ host, port });
    fillers.push(filler);
    full = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(true), 150);
      filler.on('error', () => {});
      filler.once('connect', () => {
        clearTimeout(timer);
        resolve(false);
      });
    });
  }
  return {
    port,
    async close() {
      for (const filler of fillers) filler.destroy();
      await worker.terminate();
    },
  };
}
