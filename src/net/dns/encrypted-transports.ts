/** DNS over TLS and over HTTPS, on connections that are kept. */
import { Http1Link } from './http1-link.ts';
import { Http2Link } from './http2-link.ts';
import { createLinkTransport } from './link-transport.ts';
import type { OpenChannel } from './secure-channel.ts';
import { TlsLink } from './tls-link.ts';
import type { Transports } from './transport.ts';

/** Opens nothing before there is a question. */
export function createEncryptedTransports(open: OpenChannel): Pick<Transports, 'tls' | 'https'> {
  return {
    tls: createLinkTransport(async (server) => new TlsLink(await open(server))),
    https: createLinkTransport(async (server) => {
      const socket = await open(server, ['h2', 'http/1.1']);
      if (socket.alpnProtocol !== 'h2') {
        return new Http1Link(server, socket, () => open(server, ['http/1.1']));
      }
      const { connect } = await import('node:http2');
      return new Http2Link(server, socket, connect);
    }),
  };
}
