/**
 * Connection limits: many mail servers count connections and turn away whoever opens
 * several at once. A slot is held until its socket has closed.
 */
import { onAbort } from '../time.ts';

const PER_ADDRESS = 4;

interface Waiter {
  readonly port: number;
  readonly atOnce: number;
  readonly grant: () => void;
}

interface Place {
  /** Ports of this address that somebody is connected to, or connecting. */
  readonly busy: Set<number>;
  /** First come, first served. */
  readonly waiting: Waiter[];
}

export type ReleaseSlot = () => void;

export class ConnectionSlots {
  readonly #places = new Map<string, Place>();

  /**
   * Waits until no one is connected to this address and port, and few to the address.
   * @param atOnce connections to the address, whatever the port
   * @returns gives the slot back; calling it again does nothing
   * @throws the signal's reason
   */
  acquire(
    address: string,
    port: number,
    signal: AbortSignal,
    atOnce: number = PER_ADDRESS,
  ): Promise<ReleaseSlot> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const place = this.#places.get(address) ?? { busy: new Set(), waiting: [] };
    this.#places.set(address, place);
    if (isFree(place, port, atOnce)) return Promise.resolve(this.#take(address, place, port));

    return new Promise((resolve, reject) => {
      const leave = (): void => {
        place.waiting.splice(place.waiting.indexOf(waiter), 1);
        this.#tidy(address, place);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        port,
        atOnce,
        grant: () => {
          unfollow();
          resolve(this.#take(address, place, port));
        },
      };
      place.waiting.push(waiter);
      const unfollow = onAbort(signal, leave);
    });
  }

  #take(address: string, place: Place, port: number): ReleaseSlot {
    place.busy.add(port);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      place.busy.delete(port);
      this.#serve(place);
      this.#tidy(address, place);
    };
  }

  #serve(place: Place): void {
    for (let index = 0; index < place.waiting.length; ) {
      const waiter = place.waiting[index];
      if (waiter && isFree(place, waiter.port, waiter.atOnce)) {
        place.waiting.splice(index, 1);
        waiter.grant();
      } else {
        index++;
      }
    }
  }

  #tidy(address: string, place: Place): void {
    if (place.busy.size > 0 || place.waiting.length > 0) return;
    if (this.#places.get(address) === place) this.#places.delete(address);
  }
}

function isFree(place: Place, port: number, atOnce: number): boolean {
  return place.busy.size < atOnce && !place.busy.has(port);
}
