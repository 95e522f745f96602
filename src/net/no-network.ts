/** What `--offline` has in place of a network: nothing, and no way to use it by mistake. */
import { SmtpFindError } from '../model/errors.ts';
import type { Network } from './network.ts';

function refuse(): never {
  throw new SmtpFindError('internal', 'the network was to be used although the query is offline');
}

export const noNetwork: Network = {
  dns: { query: async () => refuse() },
  resolveHost: async () => refuse(),
  connect: async () => refuse(),
  handshake: async () => refuse(),
  fetch: async () => refuse(),
  redirected: () => null,
  close: async () => {},
};
