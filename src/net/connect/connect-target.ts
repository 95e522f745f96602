/** Where a connection really goes, once `--connect-to` has had its say. */
import { normaliseHost } from '../../model/domain.ts';
import { hostPort, isPort } from '../../model/endpoint.ts';
import { printable } from '../../model/printable.ts';
import { ConnectFailure } from '../network.ts';
import { type ConnectToRule, matchConnectTo } from './connect-to.ts';

export interface Target {
  readonly host: string;
  readonly port: number;
  /** The host that was asked for. */
  readonly asked: string;
  /** `--connect-to` says which host it is. */
  readonly chosen: boolean;
  /** The user's own choice: the address policy does not apply. */
  readonly exempt: boolean;
  /** `--connect-to` leads to another place than was asked for. */
  readonly redirected: boolean;
  /** For messages: the endpoint that was asked for, and what stands in its place. */
  readonly shown: string;
}

/**
 * @param named whether the user has named this host
 * @throws ConnectFailure for what can be no host or port
 */
export function findTarget(
  name: string,
  port: number,
  rules: readonly ConnectToRule[],
  named: boolean,
): Target {
  const host = normaliseHost(name);
  if (host === null || !isPort(port)) {
    const message = `"${printable(name, 80)}" with port ${port} is nothing to connect to`;
    throw new ConnectFailure('no-such-host', message, false);
  }
  const asked = hostPort(host, port);
  const rule = matchConnectTo(rules, host, port);
  const target = { host: rule?.toHost ?? host, port: rule?.toPort ?? port };
  const real = hostPort(target.host, target.port);
  const redirected = real !== asked;
  const shown = redirected ? `${asked} (in its place ${real})` : asked;
  const chosen = rule !== null && rule.toHost !== null;
  return { ...target, asked: host, chosen, exempt: chosen || named, redirected, shown };
}
