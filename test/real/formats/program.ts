/** A program that is given what a format writes, and what it is tried with. */

import type { Encryption } from '../../../src/model/endpoint.ts';
import { formats } from '../../../src/render/formats/index.ts';
import type { Report } from '../../../src/report/report.ts';
import type { Output } from '../shell.ts';

export const SENDER = 'you@example.com';
export const RECIPIENT = 'friend@example.net';

export interface Trial {
  readonly report: Report;
  /** An empty directory, which is also HOME. */
  readonly directory: string;
  /** The authority that the server's certificate comes from. */
  readonly cacert: string;
  readonly env: NodeJS.ProcessEnv;
}

/** What shows that a format is right; docs/formats.md has them all. */
export interface Proof {
  readonly format: string;
  readonly name: string;
  /** The beginning of it. */
  readonly version: string;
  /** Debian's; null for what npm brings. */
  readonly package: string | null;
}

export interface Program extends Proof {
  /** What has to be there for it. */
  readonly commands: readonly string[];
  /** The SASL mechanisms that it is tried with. */
  readonly auth: readonly (readonly string[])[];
  /** Default all. */
  readonly encryptions?: readonly Encryption[];
  /** A user name that it cannot hold, so that the format has a stand-in. */
  readonly refuses?: RegExp;
  /** Whether it sends a message, too. */
  readonly sends: boolean;
  /** False for one that checks only the issuer of a certificate. */
  readonly checksNames?: boolean;
  /** False for one that checks nothing of it. */
  readonly checksIssuer?: boolean;
  /** False for one that does without STARTTLS when it is not offered. */
  readonly requiresTls?: boolean;
  /** Signs in; rejects, or ends with another code than 0, when that fails. */
  use(trial: Trial): Promise<Output>;
}

export function render(format: string, report: Report): string {
  return formats.find(({ name }) => name === format)?.render(report) ?? '';
}
