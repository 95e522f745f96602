import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, connect as tlsConnect } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { createAuthority, type KeyAndCertificate } from './certificates.ts';

/** OpenSSL's verdict on a certificate, as a client that trusts only `ca` reaches it. */
async function verdict(issued: KeyAndCertificate, ca: string, servername: string): Promise<string> {
  const server = createServer({ key: issued.key, cert: issued.cert }, (socket) => socket.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = tlsConnect({ host: '127.0.0.1', port, ca, servername });
  try {
    await once(socket, 'secureConnect');
    return 'good';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  } finally {
    socket.destroy();
    server.close();
  }
}

describe('the authority', async () => {
  const authority = await createAuthority();

  test('issues certificates that a client trusts for their names and addresses', async () => {
    const issued = await authority.issue({
      names: ['smtp.one.example', '*.two.example'],
      ips: ['192.0.2.1'],
    });
    expect(await verdict(issued, authority.caPem, 'smtp.one.example')).toBe('good');
    expect(await verdict(issued, authority.caPem, 'x.two.example')).toBe('good');
    expect(await verdict(issued, authority.caPem, 'other.example')).toBe(
      'ERR_TLS_CERT_ALTNAME_INVALID',
    );
    expect(new X509Certificate(issued.cert).subjectAltName).toBe(
      'DNS:smtp.one.example, DNS:*.two.example, IP Address:192.0.2.1',
    );
  });

  test('issues expired and future certificates', async () => {
    const past = await authority.issue({
      names: ['a.example'],
      notBefore: new Date('2020-01-01'),
      notAfter: new Date('2021-01-01'),
    });
    expect(await verdict(past, authority.caPem, 'a.example')).toBe('CERT_HAS_EXPIRED');
    const future = await authority.issue({
      names: ['a.example'],
      notBefore: new Date(Date.now() + 1e9),
      notAfter: new Date(Date.now() + 2e9),
    });
    expect(await verdict(future, authority.caPem, 'a.example')).toBe('CERT_NOT_YET_VALID');
  });

  test('issues self-signed certificates', async () => {
    const issued = await authority.issue({ names: ['a.example'], selfSigned: true });
    expect(await verdict(issued, authority.caPem, 'a.example')).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  });

  test('issues certificates with a common name and nothing else', async () => {
    const issued = await authority.issue({ names: [], commonName: 'a.example' });
    const parsed = new X509Certificate(issued.cert);
    expect(parsed.subjectAltName).toBeUndefined();
    expect(parsed.subject).toBe('CN=a.example');
  });

  test('is not trusted in place of another', async () => {
    const other = await createAuthority('another lab');
    const issued = await other.issue({ names: ['a.example'] });
    expect(await verdict(issued, authority.caPem, 'a.example')).toBe(
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    );
  });

  test('answers equal requests with the same certificate', async () => {
    const [first, second] = await Promise.all([
      authority.issue({ names: ['b.example'] }),
      authority.issue({ names: ['b.example'] }),
    ]);
    expect(first).toBe(second);
  });
});
