/** `--connect-to HOST1:PORT1:HOST2:PORT2`, as curl has it: another endpoint in a host's place. */
import { normaliseHost } from '../../model/domain.ts';
import { parsePort, unbracketed } from '../../model/endpoint.ts';
import { SmtpFindError } from '../../model/errors.ts';
import { printable } from '../../model/printable.ts';

export interface ConnectToRule {
  /** Null matches any. */
  readonly fromHost: string | null;
  readonly fromPort: number | null;
  /** Null keeps the original. */
  readonly toHost: string | null;
  readonly toPort: number | null;
}

const HOST = '(\\[[^\\]]*\\]|[^:[\\]]*)';
const RULE = new RegExp(`^${HOST}:([^:]*):${HOST}(?::([^:]*))?$`);

/** @throws SmtpFindError `bad-option` */
export function parseConnectTo(text: string): ConnectToRule {
  const parts = RULE.exec(text.trim());
  if (parts === null) throw bad(text, 'expected HOST1:PORT1:HOST2:PORT2');
  return {
    fromHost: hostOf(parts[1], text),
    fromPort: portOf(parts[2], text),
    toHost: hostOf(parts[3], text),
    toPort: portOf(parts[4], text),
  };
}

/** The first rule that matches, if any. `host` is lower case, without brackets or root dot. */
export function matchConnectTo(
  rules: readonly ConnectToRule[],
  host: string,
  port: number,
): ConnectToRule | null {
  const matching = rules.find(
    (rule) =>
      (rule.fromHost === null || rule.fromHost === host) &&
      (rule.fromPort === null || rule.fromPort === port),
  );
  return matching ?? null;
}

/** The host whose addresses count for this one, when a rule names it exactly, whatever the port. */
export function standInHost(rules: readonly ConnectToRule[], host: string): string | null {
  return rules.find((rule) => rule.fromHost === host && rule.toHost !== null)?.toHost ?? null;
}

function hostOf(part: string | undefined, text: string): string | null {
  const bare = unbracketed(part ?? '');
  if (bare === '' && part !== '[]') return null;
  const host = normaliseHost(bare);
  if (host === null) throw bad(text, `"${printable(bare, 60)}" is not a host name or an address`);
  return host;
}

function portOf(part: string | undefined, text: string): number | null {
  if (part === undefined || part === '') return null;
  const port = parsePort(part);
  if (port === null) {
    throw bad(text, `"${printable(part, 60)}" is not a port between 1 and 65535`);
  }
  return port;
}

function bad(text: string, what: string): SmtpFindError {
  const example = 'smtp.example.com:465:127.0.0.1:4465';
  return new SmtpFindError(
    'bad-option',
    `--connect-to "${printable(text, 120)}": ${what}, as in ${example}`,
  );
}
