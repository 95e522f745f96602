import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  alternativeNames,
  describeCertificate,
  matchesHost,
} from '../../../src/net/tls/certificate.ts';
import { createAuthority } from '../../lab/certificates.ts';

const authority = createAuthority('Example, Inc. CA');

async function issue(
  request: Parameters<Awaited<typeof authority>['issue']>[0],
): Promise<X509Certificate> {
  return new X509Certificate((await (await authority).issue(request)).cert);
}

describe('a certificate', () => {
  it('is described', async () => {
    const certificate = await issue({
      names: ['SMTP.example.com', '*.example.net'],
      ips: ['192.0.2.1', '2001:db8::1'],
      commonName: 'smtp.example.com',
      notBefore: new Date('2020-01-02T03:04:05Z'),
      notAfter: new Date('2049-12-31T23:59:59Z'),
    });
    expect(describeCertificate(certificate, 'smtp.example.com', null)).toEqual({
      names: ['smtp.example.com', '*.example.net', '192.0.2.1', '2001:db8::1'],
      subject: 'smtp.example.com',
      issuer: 'Example, Inc. CA',
      validFrom: '2020-01-02T03:04:05Z',
      validTo: '2049-12-31T23:59:59Z',
      trusted: true,
      problem: null,
      code: null,
    });
  });

  it.each([
    [null, '2025-06-01', null],
    [null, '2024-12-31', 'not-yet-valid'],
    [null, '2026-01-01T00:00:01Z', 'expired'],
    ['CERT_HAS_EXPIRED', '2025-06-01', 'expired'], // an intermediate
    ['DEPTH_ZERO_SELF_SIGNED_CERT', '2025-06-01', 'self-signed'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', '2027-06-01', 'expired'],
    ['SELF_SIGNED_CERT_IN_CHAIN', '2025-06-01', 'untrusted'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', '2025-06-01', 'untrusted'],
    ['UNSPECIFIED', '2025-06-01', 'untrusted'],
  ])('with code %s on %s is judged: %s', async (code, now, problem) => {
    const certificate = await issue({
      names: ['a.example'],
      notBefore: new Date('2025-01-01T00:00:00Z'),
      notAfter: new Date('2026-01-01T00:00:00Z'),
    });
    const facts = describeCertificate(certificate, 'a.example', code, Date.parse(now));
    expect(facts).toMatchObject({ problem, code, trusted: problem === null });
  });

  it('of another name is trusted, and no good', async () => {
    const certificate = await issue({ names: ['a.example'] });
    const facts = describeCertificate(certificate, 'b.example', null);
    expect(facts).toMatchObject({ trusted: true, problem: 'name' });
  });

  it('does not count for a name that only its subject has', async () => {
    const bare = await issue({ names: [], commonName: 'A.example' });
    const facts = describeCertificate(bare, 'a.example', null);
    expect(facts).toMatchObject({ names: [], problem: 'name-only-in-cn' });
    const other = await issue({ names: ['b.example'], commonName: 'a.example' });
    expect(describeCertificate(other, 'a.example', null).problem).toBe('name-only-in-cn');
    expect(describeCertificate(other, 'c.example', null).problem).toBe('name');
  });

  it('counts for an address only when it names the address as one', async () => {
    const asAddress = await issue({ names: [], ips: ['192.0.2.1', '2001:db8::1'] });
    expect(describeCertificate(asAddress, '192.0.2.1', null).problem).toBeNull();
    expect(describeCertificate(asAddress, '2001:DB8:0::1', null).problem).toBeNull();
    expect(describeCertificate(asAddress, '192.0.2.2', null).problem).toBe('name');
    const asName = await issue({ names: ['192.0.2.1'] });
    expect(describeCertificate(asName, '192.0.2.2', null).problem).toBe('name');
  });

  it('with thousands of names is no burden', async () => {
    const names = Array.from({ length: 2000 }, (_, index) => `host-${index}.example`);
    const certificate = await issue({ names });
    const start = performance.now();
    const facts = describeCertificate(certificate, 'host-1999.example', null);
    expect(performance.now() - start).toBeLessThan(2000);
    expect(facts.problem).toBeNull();
    expect(facts.names).toHaveLength(2000);
  });
});

describe('a name in a certificate', () => {
  it.each([
    ['a.example', 'a.example', true],
    ['a.example', 'b.a.example', false],
    ['*.example.com', 'a.example.com', true],
    ['*.example.com', 'a.b.example.com', false],
    ['*.example.com', 'example.com', false],
    ['*.example.com', '.example.com', false],
    ['a*.example.com', 'ab.example.com', false],
    ['*a.example.com', 'ba.example.com', false],
    ['a.*.example.com', 'a.b.example.com', false],
    ['*.*.example.com', 'a.b.example.com', false],
    ['*', 'localhost', false],
    ['*.com', 'example.com', false],
    ['*.0.2.1', '192.0.2.1', false],
    ['192.0.2.1', '192.0.2.1', true],
    ['192.0.2.1', 'smtp.example', false],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example', true],
    ['*.example.com', 'xn--bcher-kva.example.com', true],
    ['', 'a.example', false],
  ])('%s covers %s: %s', (name, host, expected) => {
    expect(matchesHost(name, host)).toBe(expected);
  });
});

describe('the text of a subjectAltName', () => {
  it.each([
    [undefined, []],
    ['', []],
    ['DNS:a.example, DNS:B.example., DNS:a.example', ['a.example', 'b.example']],
    ['IP Address:192.0.2.1, IP Address:2001:DB8:0:0:0:0:0:1', ['192.0.2.1', '2001:db8::1']],
    ['DNS:192.0.2.1, DNS:a.example', ['a.example']],
    ['URI:http://x.example/, email:a@b.example, DNS:a.example', ['a.example']],
    ['othername:<unsupported>, DirName:"C=DE, CN=DNS:x.example", DNS:a.example', ['a.example']],
    ['DNS:"evil.example, DNS:good.example", DNS:a.example', ['a.example']],
    ['DNS:"a\\"b, DNS:good.example", DNS:a.example', ['a.example']],
    ['DNS:"never ends, DNS:good.example', []],
    ['IP Address:<invalid>, DNS:a.example', ['a.example']],
    ['DNS:\u202ea.example, DNS:b.example', ['b.example']],
  ])('%s holds the names %s', (text, names) => {
    expect(alternativeNames(text)).toEqual(names);
  });
});
