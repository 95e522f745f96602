/** A host that the user named, to which the address policy does not apply. */
import type { Network } from './network.ts';

/** The network, for connections to such a host. */
export function toNamedHost(network: Network): Network {
  return {
    ...network,
    connect: (host, port, options) => network.connect(host, port, { ...options, named: true }),
  };
}
