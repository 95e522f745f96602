import { describe, expect, it } from 'vitest';
import { corrected, derive } from '../../src/engine/derive.ts';
import { badCertificate, candidate, evidence, probeResult, refused } from './paper-facts.ts';

const published = [5, 0, 0, 0, 0];
const guessed = [13, 0, 0, 0, 0];
const endpoints = (list: ReturnType<typeof derive>): string[] =>
  list.map(
    ({ statement: { host, port, encryption }, replaces }) =>
      `${host}:${port}/${encryption}${replaces ? ' replaces' : ''}`,
  );

it('port 465 is implicit TLS whatever was said', () => {
  expect(corrected(evidence('a.example:465/starttls', published).statement).encryption).toBe('tls');
  expect(corrected(evidence('a.example:465/none', published).statement).encryption).toBe('tls');
  expect(corrected(evidence('a.example:587/starttls', published).statement).encryption).toBe(
    'starttls',
  );
});

describe('what a probe teaches', () => {
  it('587 published as TLS is tried with STARTTLS when TLS fails there', () => {
    const at587 = candidate('a.example:587/tls', published);
    const failed = probeResult({ outcome: 'tls', stage: 'tls', auth: [], tls: null });
    expect(endpoints(derive(at587, failed))).toEqual(['a.example:587/starttls']);
    const stalled = probeResult({ outcome: 'timeout', stage: 'tls', auth: [], tls: null });
    expect(endpoints(derive(at587, stalled))).toEqual(['a.example:587/starttls']);
    expect(derive(at587, probeResult())).toEqual([]);
    expect(derive(at587, refused)).toEqual([]);
  });

  it('plaintext that offers STARTTLS becomes STARTTLS', () => {
    const plain = candidate('a.example:25/none', published);
    expect(endpoints(derive(plain, probeResult({ startTls: true, tls: null })))).toEqual([
      'a.example:25/starttls replaces',
    ]);
    expect(derive(plain, probeResult({ startTls: false, tls: null }))).toEqual([]);
  });

  it('a guess that offers AUTH only in the clear becomes plaintext; a published one does not', () => {
    const clear = probeResult({
      outcome: 'tls',
      startTls: false,
      auth: [],
      clearAuth: ['PLAIN'],
      tls: null,
    });
    expect(endpoints(derive(candidate('g.example:587/starttls', guessed), clear))).toEqual([
      'g.example:587/none',
    ]);
    expect(derive(candidate('p.example:587/starttls', published), clear)).toEqual([]);
  });

  it('a certificate for another name of the same machine proposes that name for a guess', () => {
    const probe = { ...badCertificate('name'), alternateNames: ['server7.hoster.example'] };
    expect(endpoints(derive(candidate('mail.example:465/tls', guessed), probe))).toEqual([
      'server7.hoster.example:465/tls',
    ]);
    expect(derive(candidate('mail.example:465/tls', guessed), probe)[0]?.alternateName).toBe(true);
    // Whoever forges an address has a certificate for some name, too.
    expect(derive(candidate('mail.example:465/tls', published), probe)[0]?.alternateName).toBe(
      true,
    );
    const expired = { ...badCertificate('expired'), alternateNames: ['server7.hoster.example'] };
    expect(derive(candidate('mail.example:465/tls', guessed), expired)).toEqual([]);
  });
});
