/** How a connection through a proxy fails, in words that say whether it was the proxy or the host. */
import { inSeconds } from '../../model/duration.ts';
import type { Target } from '../connect/connect-target.ts';
import type { AttemptReason } from '../connect/failure-cache.ts';
import { ConnectFailure, type ConnectFailureReason } from '../network.ts';
import { type ProxyServer, proxyLabel } from './proxy-url.ts';

/** What is wanted of a proxy. */
export interface ProxyRequest {
  readonly proxy: ProxyServer;
  readonly target: Target;
}

export class ProxyFailure extends ConnectFailure {
  override readonly name: string = 'ProxyFailure';
  /** The proxy itself is the trouble, so nothing is known of the target. */
  readonly atProxy: boolean;
  override readonly proxyTrouble: string | null;

  constructor(
    reason: ConnectFailureReason,
    message: string,
    at: { readonly atProxy: boolean; readonly proxyTrouble?: string },
  ) {
    super(reason, message, !at.atProxy && reason === 'refused');
    this.atProxy = at.atProxy;
    this.proxyTrouble = at.proxyTrouble ?? null;
  }
}

/** The proxy could not be reached. @param what begins with the proxy's label */
export function notReached(reason: ConnectFailureReason, what: string): ProxyFailure {
  const message = `the proxy ${what}`;
  return new ProxyFailure(reason, message, { atProxy: true, proxyTrouble: message });
}

/** The proxy did not try. */
export function declined({ proxy, target }: ProxyRequest, detail: string): ProxyFailure {
  const message = `the proxy ${proxyLabel(proxy)} ${detail} (asked for ${target.shown})`;
  return new ProxyFailure('unreachable', message, { atProxy: true });
}

/** The proxy tries for nobody: it wants another password, or is no such proxy. */
export function unusable({ proxy, target }: ProxyRequest, detail: string): ProxyFailure {
  const proxyTrouble = `the proxy ${proxyLabel(proxy)} ${detail}`;
  const message = `${proxyTrouble} (asked for ${target.shown})`;
  return new ProxyFailure('unreachable', message, { atProxy: true, proxyTrouble });
}

/** The proxy could not connect to the target; the reason is as near as it tells. */
export function noConnection(
  { proxy, target }: ProxyRequest,
  reason: AttemptReason,
  detail: string,
): ProxyFailure {
  const label = proxyLabel(proxy);
  const message =
    reason === 'refused'
      ? `${target.shown} refused the connection (through the proxy ${label})`
      : `the proxy ${label} could not connect to ${target.shown} (${detail})`;
  return new ProxyFailure(reason, message, { atProxy: false });
}

/** The proxy answered in place of the target; whether it could connect, it does not tell. */
export function notForwarded(
  { proxy, target }: ProxyRequest,
  reason: AttemptReason,
  detail: string,
): ProxyFailure {
  const message = `the proxy ${proxyLabel(proxy)} answered ${detail} for ${target.shown}`;
  return new ProxyFailure(reason, message, { atProxy: false });
}

export function tooSlow({ proxy, target }: ProxyRequest, ms: number): ProxyFailure {
  const message = `the proxy ${proxyLabel(proxy)} did not connect to ${target.shown} within ${inSeconds(ms)}`;
  return new ProxyFailure('timeout', message, { atProxy: false });
}

/** The target failed behind this proxy a moment ago. */
export function remembered({ proxy, target }: ProxyRequest, reason: AttemptReason): ProxyFailure {
  const what = {
    refused: 'refused the connection',
    reset: 'hung up',
    timeout: 'did not answer',
    unreachable: 'could not be reached',
  }[reason];
  const message = `${target.shown} ${what} a moment ago (through the proxy ${proxyLabel(proxy)})`;
  return new ProxyFailure(reason, message, { atProxy: false });
}
