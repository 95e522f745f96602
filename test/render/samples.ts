/** One report of every kind. `satisfies` makes the compiler hold them against the contract. */
import { warning } from '../../src/model/warnings.ts';
import type { Report } from '../../src/report/report.ts';

/** The day on which the samples are shown. */
export const NOW: Date = new Date('2026-11-25T12:00:00Z');

export const verified = {
  version: 1,
  query: 'you@example.com',
  email: 'you@example.com',
  domain: 'example.com',
  status: 'verified',
  complete: true,
  settings: {
    host: 'smtp.example.com',
    port: 465,
    encryption: 'tls',
    auth: ['PLAIN', 'LOGIN', 'XOAUTH2'],
    username: 'you@example.com',
    usernameFrom: 'published',
    verified: true,
    evidence: [
      {
        source: 'autoconfig',
        subject: 'example.com',
        trust: 'secure',
        from: 'https://autoconfig.example.com/mail/config-v1.1.xml',
      },
      {
        source: 'srv',
        subject: 'example.com',
        trust: 'secure',
        from: '_submissions._tcp.example.com SRV',
      },
    ],
    tls: {
      protocol: 'TLSv1.3',
      cipher: 'TLS_AES_256_GCM_SHA384',
      certificate: {
        names: ['smtp.example.com', '*.mail.example.com'],
        issuer: "Let's Encrypt R11",
        validFrom: '2026-10-31T00:00:00Z',
        validTo: '2027-01-31T00:00:00Z',
        trusted: true,
        problem: null,
      },
    },
    oauth: {
      issuer: 'login.example.com',
      authorizationEndpoint: 'https://login.example.com/auth',
      tokenEndpoint: null,
      scopes: ['smtp'],
      deviceAuthorizationEndpoint: null,
      pkce: null,
      registration: null,
    },
  },
  provider: {
    id: 'example',
    name: 'Example Mail',
    documentation: 'https://help.example.com/smtp',
    notes: [
      {
        code: 'app-password',
        when: 'two-factor',
        message: 'Sign in with an app password when two-factor authentication is on.',
      },
    ],
    links: { enable: null, appPassword: 'https://help.example.com/app', oauthRegistration: null },
    confirmed: '2026-06',
  },
  alsoOffered: [],
  login: null,
  checks: [],
  alternatives: [],
  warnings: [],
  sources: [],
  durationMs: 412,
} satisfies Report;

/** Plaintext only, on a guessed host, for a bare domain. */
export const unverified = {
  version: 1,
  query: 'bücher.example',
  email: null,
  domain: 'xn--bcher-kva.example',
  status: 'unverified',
  complete: false,
  settings: {
    host: 'mail.xn--bcher-kva.example',
    port: 587,
    encryption: 'none',
    auth: ['PLAIN'],
    username: '%EMAILADDRESS%',
    usernameFrom: 'assumed',
    verified: false,
    evidence: [
      {
        source: 'guess',
        subject: 'xn--bcher-kva.example',
        trust: 'insecure',
        from: 'common names',
      },
    ],
    tls: null,
    oauth: null,
  },
  provider: null,
  alsoOffered: [],
  login: null,
  checks: [],
  alternatives: [],
  warnings: [
    warning('plaintext', { host: 'mail.xn--bcher-kva.example', port: 587 }),
    warning('assumed-username'),
    warning('incomplete'),
  ],
  sources: [],
  durationMs: 3120,
} satisfies Report;

export const notFound = {
  version: 1,
  query: 'nowhere.invalid',
  email: null,
  domain: 'nowhere.invalid',
  status: 'not-found',
  complete: true,
  settings: null,
  provider: null,
  alsoOffered: [],
  login: null,
  checks: [],
  alternatives: [],
  warnings: [],
  sources: [],
  durationMs: 210,
} satisfies Report;

export const badInput = {
  ...notFound,
  query: 'not an address',
  domain: null,
  status: 'error',
  warnings: [
    warning('bad-input', {
      message: '"not an address" is not an address or a domain name: expected you@example.com',
    }),
  ],
  durationMs: 0,
} satisfies Report;

/** All that `--all --explain` adds. */
export const explained = {
  ...verified,
  alternatives: [
    {
      ...verified.settings,
      port: 587,
      encryption: 'starttls',
      probe: {
        outcome: 'ok',
        reason: 'AUTH offered over TLS',
        address: '192.0.2.25',
        banner: 'smtp.example.com ESMTP',
        durationMs: 143,
      },
    },
    {
      ...unverified.settings,
      host: 'mail.example.com',
      port: 465,
      encryption: 'tls',
      auth: [],
      probe: {
        outcome: 'refused',
        reason: 'connect: refused by 192.0.2.26',
        address: null,
        banner: null,
        durationMs: 31,
      },
    },
    { ...unverified.settings, host: 'submission.example.com', probe: null },
  ],
  sources: [
    {
      source: 'database',
      subject: 'example.com',
      outcome: 'nothing',
      durationMs: 1,
      detail: 'no entry',
      from: 'bundled database',
    },
    {
      source: 'autoconfig',
      subject: 'example.com',
      outcome: 'found',
      durationMs: 84,
      detail: '1 server',
      from: 'https://autoconfig.example.com/mail/config-v1.1.xml',
    },
    {
      source: 'ispdb',
      subject: 'example.com',
      outcome: 'timeout',
      durationMs: 4000,
      detail: 'no answer within 4 s',
      from: 'https://autoconfig.thunderbird.net/v1.1/example.com',
    },
    {
      source: 'autodiscover',
      subject: 'example.com',
      outcome: 'cancelled',
      durationMs: 12,
      detail: 'no longer needed',
      from: 'https://autodiscover.example.com/autodiscover/autodiscover.xml',
    },
    {
      source: 'guess',
      subject: 'example.com',
      outcome: 'cancelled',
      durationMs: 0,
      detail: 'no longer needed',
      from: '',
    },
  ],
  probes: [
    {
      host: 'smtp.example.com',
      port: 465,
      encryption: 'tls',
      outcome: 'ok',
      reason: 'AUTH offered over TLS: PLAIN LOGIN XOAUTH2',
      address: '192.0.2.25',
      banner: 'smtp.example.com ESMTP',
      serverName: 'smtp.example.com',
      keywords: ['PIPELINING', 'SIZE 35882577', '8BITMIME', 'AUTH PLAIN LOGIN XOAUTH2', 'SMTPUTF8'],
      auth: ['PLAIN', 'LOGIN', 'XOAUTH2'],
      clearAuth: [],
      tls: verified.settings.tls,
      durationMs: 121,
    },
    {
      host: 'smtp.example.com',
      port: 587,
      encryption: 'starttls',
      outcome: 'ok',
      reason: 'AUTH offered over TLS: PLAIN LOGIN',
      address: '192.0.2.25',
      banner: 'smtp.example.com ESMTP',
      serverName: null,
      keywords: ['SIZE', 'AUTH PLAIN LOGIN'],
      auth: ['PLAIN', 'LOGIN'],
      clearAuth: ['PLAIN'],
      tls: verified.settings.tls,
      durationMs: 143,
    },
    {
      host: 'mail.example.com',
      port: 465,
      encryption: 'tls',
      outcome: 'refused',
      reason: 'connect: refused by 192.0.2.26',
      address: null,
      banner: null,
      serverName: null,
      keywords: [],
      auth: [],
      clearAuth: [],
      tls: null,
      durationMs: 31,
    },
  ],
  because:
    'smtp.example.com:465 (SSL/TLS) comes first among the servers that were found, and was verified. It was found in the autoconfig file of example.com.',
} satisfies Report;

const server = { host: 'smtp.example.com', port: 465 };

/** The password works, and the address may be used. */
export const loggedIn = {
  ...verified,
  login: {
    outcome: 'accepted',
    mechanism: 'PLAIN',
    username: 'you@example.com',
    maySendAs: true,
    reply: '235 2.7.0 Accepted',
  },
} satisfies Report;

export const loggedInAsAnother = {
  ...verified,
  login: { ...loggedIn.login, username: 'you', maySendAs: false },
  warnings: [warning('sender-refused', { ...server, address: 'you@example.com' })],
} satisfies Report;

export const loginRefused = {
  ...verified,
  login: {
    outcome: 'refused',
    mechanism: 'PLAIN',
    username: 'you@example.com',
    maySendAs: null,
    reply: '534 5.7.9 Application-specific password required',
  },
  warnings: [
    warning('login-refused', {
      ...server,
      reason:
        'the server refused the login: PLAIN as you@example.com: 534 5.7.9 Application-specific password required',
    }),
    warning('app-password-wanted', { provider: 'Example Mail' }),
  ],
} satisfies Report;

export const loginTemporary = {
  ...verified,
  login: { ...loginRefused.login, outcome: 'temporary', reply: '454 4.7.0 Try later' },
  warnings: [
    warning('login-temporary', {
      ...server,
      reason: "the server can't say now: 454 4.7.0 Try later",
    }),
  ],
} satisfies Report;

export const loginNotTried = {
  ...unverified,
  login: { outcome: 'not-tried', mechanism: null, username: null, maySendAs: null, reply: null },
  warnings: [
    warning('login-not-tried', { reason: 'the server could not be verified' }),
    ...unverified.warnings,
  ],
} satisfies Report;

export const everyKind: Readonly<Record<string, Report>> = {
  verified,
  unverified,
  'not-found': notFound,
  error: badInput,
  explained,
  'logged in': loggedIn,
  'logged in as another': loggedInAsAnother,
  'refused a login': loginRefused,
  'unable to check a login': loginTemporary,
  'without a login that was asked for': loginNotTried,
};
