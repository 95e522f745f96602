/** Four domains at a distance, and what the shortest way to a verified answer costs for each. */
import type { Scenario } from '../test/lab/scenario.ts';

export const ROUND_TRIP_MS = 50;

/** Look up the server, connect, TLS 1.3, banner, EHLO. */
const PROBE = 1 + 1 + 1 + 1 + 1;

export interface Path {
  readonly query: string;
  /** The sum of round trips on the shortest possible path. */
  readonly roundTrips: number;
  readonly because: string;
}

export const paths: Readonly<Record<string, Path>> = {
  database: {
    query: 'you@gmail.com',
    roundTrips: PROBE,
    because: 'DNS, TCP, TLS, banner, EHLO',
  },
  srv: {
    query: 'you@srv.example',
    roundTrips: 1 + PROBE,
    because: 'SRV, then as above',
  },
  autoconfig: {
    query: 'you@autoconfig.example',
    roundTrips: 4 + PROBE,
    because: 'DNS, TCP, TLS, GET, then as above',
  },
  guess: {
    query: 'you@guess.example',
    roundTrips: PROBE,
    because: 'as the first; meanwhile all others say no',
  },
};

export const scenario: Scenario = {
  roundTripMs: ROUND_TRIP_MS,
  zone: {
    'gmail.com': { MX: '5 gmail-smtp-in.l.google.com' },
    'srv.example': { MX: '10 mx.srv.example' },
    '_submissions._tcp.srv.example': { SRV: '0 1 465 mail.srv.example' },
    'autoconfig.example': { MX: '10 mx.autoconfig.example' },
    'guess.example': { MX: '10 mx.guess.example' },
  },
  web: {
    'https://autoconfig.autoconfig.example/mail/config-v1.1.xml': `<clientConfig version="1.1">
      <emailProvider id="autoconfig.example"><domain>autoconfig.example</domain>
        <outgoingServer type="smtp">
          <hostname>post.autoconfig.example</hostname><port>465</port><socketType>SSL</socketType>
          <authentication>password-cleartext</authentication><username>%EMAILADDRESS%</username>
        </outgoingServer>
      </emailProvider></clientConfig>`,
  },
  servers: {
    'smtp.gmail.com:465': { auth: ['PLAIN', 'XOAUTH2'] },
    'mail.srv.example:465': {},
    'post.autoconfig.example:465': {},
    'smtp.guess.example:465': {},
  },
};
