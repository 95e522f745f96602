/** What a proxy says to the wish for a connection. */
import type { ConnectFailureReason } from '../network.ts';

export type TunnelAnswer =
  | { readonly kind: 'open' }
  /** It could not connect to the host; the reason is as near as it tells. */
  | {
      readonly kind: 'no-connection';
      readonly reason: Extract<ConnectFailureReason, 'refused' | 'timeout' | 'unreachable'>;
      readonly detail: string;
    }
  /** It did not try: it may not, wants a password, or is no such proxy. `the proxy … ${detail}` */
  | { readonly kind: 'declined'; readonly detail: string };
