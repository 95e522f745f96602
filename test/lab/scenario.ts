/** What a scenario can say: names, documents, servers, and how all of them misbehave. */
import type { SecureContextOptions } from 'node:tls';
import type { CertificateChoice } from './certificate-choice.ts';
import type { DnsBehaviours } from './dns-server.ts';
import type { Script } from './scripted-server.ts';
import type { WebDocuments } from './web-server.ts';
import type { Zone } from './zone.ts';

export interface Scenario {
  /** Hosts named in `web` and `servers` get an address by themselves. */
  readonly zone?: Zone;
  /** Delays, failures and silence of the resolver. */
  readonly dns?: DnsBehaviours;
  /** Documents by URL. */
  readonly web?: WebDocuments;
  /** What listens where, by `host:port`. */
  readonly servers?: Readonly<Record<string, ServerDescription>>;
  /** By host, for all its ports; default `good`. */
  readonly certificates?: Readonly<Record<string, CertificateChoice>>;
  /** Makes everything this far away; see `relay.ts`. */
  readonly roundTripMs?: number;
  /**
   * What becomes of connections to anything else. Default: the host does not exist; but with a
   * wildcard address in the zone, `refused`.
   */
  readonly unmapped?: 'refused' | 'no-such-host' | 'hang';
}

export type ServerDescription =
  | SubmissionServer
  | ScriptedPeer
  /** The very server that stands at another place, under another name. */
  | { readonly sameAs: string }
  | 'refused'
  /** Accepts connections, and never speaks. */
  | 'hang'
  /** The name of the host does not exist. */
  | 'unresolvable';

/** A server that behaves; `{}` is implicit TLS on 465, STARTTLS elsewhere, PLAIN and LOGIN. */
export interface SubmissionServer {
  readonly encryption?: 'tls' | 'starttls' | 'none';
  readonly auth?: readonly string[];
  /** With STARTTLS, offer AUTH before it too. */
  readonly clearAuth?: boolean;
  readonly banner?: string;
  /** What it calls itself in banner and EHLO; default its host. */
  readonly hostname?: string;
  /** Before the banner and before each reply. */
  readonly delayMs?: number;
  /** User names and passwords, or tokens, that are let in. */
  readonly users?: Readonly<Record<string, string>>;
  readonly certificate?: CertificateChoice;
  /** TLS versions and ciphers. */
  readonly tls?: SecureContextOptions;
}

export interface ScriptedPeer {
  readonly script: Script;
  /** TLS from the first byte; default true on port 465. */
  readonly implicit?: boolean;
  readonly certificate?: CertificateChoice;
  readonly tls?: SecureContextOptions;
}

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** @throws Error when it is not `host:port` */
export function parsePlace(text: string): Place {
  const [, host, port] = /^([^:]+):(\d+)$/.exec(text) ?? [];
  if (!host || !port) throw new Error(`expected host:port in the scenario, not "${text}"`);
  return { host: host.toLowerCase(), port: Number(port) };
}
