/** Candidates and probe results made by hand, for tests of pure functions. */
import type { Candidate, Evidence } from '../../src/model/candidate.ts';
import { endpointKey } from '../../src/model/endpoint.ts';
import type { Precedence } from '../../src/model/precedence.ts';
import type { CertificateFacts } from '../../src/net/network.ts';
import type { ProbeResult } from '../../src/probe/result.ts';
import { GUESS_RANK } from '../../src/sources/order.ts';

/** The day of all that is made by hand. */
export const NOW: Date = new Date('2026-11-25T12:00:00Z');

/** Rank, subject, part, place, server, and the derivation. */
export function precedenceAt(steps: readonly number[]): Precedence {
  const [rank = 0, subject, part, place, server, ...derivation] = steps;
  const known = Object.entries({ subject, part, place, server }).filter(([, n]) => n !== undefined);
  return { rank, ...Object.fromEntries(known), derivation };
}

export function evidence(
  endpoint: string,
  steps: readonly number[],
  overrides: Partial<Evidence> = {},
): Evidence {
  const [address = '', encryption = 'tls'] = endpoint.split('/');
  const [host = '', port = '465'] = address.split(':');
  const precedence = { ...precedenceAt(steps), ...(port === '25' && { port25: true }) };
  return {
    source: precedence.rank === GUESS_RANK ? 'guess' : 'srv',
    via: precedence.rank === GUESS_RANK ? 'guess' : 'srv',
    subject: 'example.com',
    from: 'here',
    channel: 'dns',
    published: precedence.rank !== GUESS_RANK,
    alternateName: false,
    precedence,
    statement: {
      host,
      port: Number(port),
      encryption: encryption as 'tls' | 'starttls' | 'none',
      auth: [],
      username: null,
      oauth: null,
    },
    provider: null,
    ...overrides,
  };
}

export function candidate(endpoint: string, steps: readonly number[]): Candidate {
  const item = evidence(endpoint, steps);
  const { host, port, encryption } = item.statement;
  return { key: endpointKey(item.statement), host, port, encryption, evidence: [item] };
}

export const goodCertificate: CertificateFacts = {
  names: ['smtp.example.com'],
  subject: 'smtp.example.com',
  issuer: 'Test CA',
  validFrom: '2026-01-01T00:00:00Z',
  validTo: '2027-01-01T00:00:00Z',
  trusted: true,
  problem: null,
  code: null,
};

export function probeResult(overrides: Partial<ProbeResult> = {}): ProbeResult {
  return {
    outcome: 'ok',
    reason: 'AUTH was offered over TLS',
    stage: 'done',
    temporary: false,
    blocked: false,
    reached: true,
    address: '192.0.2.1',
    badAddresses: [],
    banner: 'smtp.example.com ESMTP',
    serverName: null,
    capabilities: {},
    auth: ['PLAIN', 'LOGIN'],
    clearAuth: [],
    startTls: null,
    injection: false,
    outdatedTls: false,
    speaksInstead: null,
    tls: { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', certificate: goodCertificate },
    alternateNames: [],
    reply: null,
    durationMs: 10,
    ...overrides,
  };
}

export const refused: ProbeResult = probeResult({
  outcome: 'refused',
  reason: 'connection refused',
  stage: 'connect',
  auth: [],
  tls: null,
});

export function badCertificate(problem: CertificateFacts['problem']): ProbeResult {
  return probeResult({
    outcome: 'certificate',
    reason: 'the certificate is not good',
    tls: { protocol: 'TLSv1.3', cipher: 'x', certificate: { ...goodCertificate, problem } },
  });
}
