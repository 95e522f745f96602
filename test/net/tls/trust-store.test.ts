import '../../lab/reflect-metadata.ts'; // @peculiar/x509 needs it loaded first.
import { KeyObject, webcrypto, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls, { createServer } from 'node:tls';
import { X509Certificate as PeculiarCertificate, X509CertificateGenerator } from '@peculiar/x509';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SmtpFindError } from '../../../src/model/errors.ts';
import { createHandshake } from '../../../src/net/tls/tls.ts';
import {
  createTrustStore,
  readCaFiles,
  type TrustStoreOptions,
} from '../../../src/net/tls/trust-store.ts';
import { type Authority, createAuthority } from '../../lab/certificates.ts';
import { listen } from '../servers.ts';

const never = new AbortController().signal;
const BROKEN = '-----BEGIN CERTIFICATE-----\nbm90IGEgY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n';
let folder: string;
let authority: Authority;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smtp-find-trust-'));
  authority = await createAuthority();
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

/** What a store thinks of a server with a certificate of our authority, or one of its own. */
async function problemWith(options: TrustStoreOptions, selfSigned = false): Promise<unknown> {
  const identity = await authority.issue({ names: ['a.example'], selfSigned });
  const { port } = await listen(createServer(identity));
  const trust = createTrustStore(options);
  const { socket, tls } = await createHandshake({ trust })(connect(port, '127.0.0.1'), {
    host: 'a.example',
    signal: never,
  });
  socket.destroy();
  return tls.certificate?.problem;
}

/** A certificate that claims to come from an authority, with a key of the same kind. */
async function inTheNameOf(root: string): Promise<{ key: string; cert: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const { subjectName } = new PeculiarCertificate(root);
  const certificate = await X509CertificateGenerator.create({
    subject: 'CN=a.example',
    issuer: subjectName.toJSON(),
    publicKey: keys.publicKey,
    signingKey: keys.privateKey,
    signingAlgorithm: algorithm,
  });
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' });
  return { key: key.toString(), cert: certificate.toString('pem') };
}

describe('the trust store', () => {
  it('does not know strange authorities', async () => {
    expect(await problemWith({})).toBe('untrusted');
  });

  it('trusts the certificates that the user names', async () => {
    const bundle = `# comment\n${BROKEN}${authority.caPem.replaceAll('\n', '\r\n')}`;
    expect(await problemWith({ cacerts: ['nothing', bundle] })).toBeNull();
  });

  it("keeps Node's own roots beside the certificates that the user names", async () => {
    // Only who has the root can tell that it never signed this.
    const isElliptic = (pem: string) =>
      new X509Certificate(pem).publicKey.asymmetricKeyType === 'ec';
    const identity = await inTheNameOf(tls.rootCertificates.find(isElliptic) ?? '');
    const { port } = await listen(createServer({ ...identity, ca: [] }));
    const secureContext = await createTrustStore({ cacerts: [authority.caPem] }).context('modern');
    const socket = tls.connect({
      port,
      host: '127.0.0.1',
      secureContext,
      rejectUnauthorized: false,
    });
    await once(socket, 'secureConnect');
    socket.destroy();
    expect(socket.authorizationError).toBe('CERT_SIGNATURE_FAILURE');
  });

  it('keeps what one store trusts to itself', async () => {
    expect(await problemWith({ cacerts: [authority.caPem] })).toBeNull();
    expect(await problemWith({})).toBe('untrusted');
  });

  it('trusts a self-signed server certificate that the user names', async () => {
    const { cert } = await authority.issue({ names: ['a.example'], selfSigned: true });
    expect(await problemWith({ cacerts: [cert] }, true)).toBeNull();
  });

  it('trusts a server certificate that the user names without its authority, as curl does', async () => {
    const { cert } = await authority.issue({ names: ['a.example'], selfSigned: false });
    expect(await problemWith({ cacerts: [cert] })).toBeNull();
  });

  it.each(['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'])('trusts the file in %s', async (name) => {
    const path = await file('bundle.pem', `${BROKEN}${authority.caPem}${authority.caPem}`);
    expect(await problemWith({ env: { [name]: path } })).toBeNull();
  });

  it('trusts the directories in SSL_CERT_DIR', async () => {
    await file('broken.pem', BROKEN);
    await file('good.pem', authority.caPem);
    expect(await problemWith({ env: { SSL_CERT_DIR: `/nowhere:${folder}` } })).toBeNull();
  });

  it('reads only the names that OpenSSL looks for, where a directory has such', async () => {
    const directory = await mkdtemp(join(folder, 'hashed-'));
    await writeFile(join(directory, '0123abcd.0'), BROKEN);
    await writeFile(join(directory, 'other.pem'), authority.caPem);
    expect(await problemWith({ env: { SSL_CERT_DIR: directory } })).toBe('untrusted');
    await writeFile(join(directory, '0123abcd.1'), authority.caPem);
    expect(await problemWith({ env: { SSL_CERT_DIR: directory } })).toBeNull();
  });

  it.each([
    ['is not there', '/nowhere/at/all.pem'],
    ['is a directory', '/'],
    ['never ends', '/dev/zero'],
  ])('is not hurt by a system bundle that %s', async (_, path) => {
    const env = { SSL_CERT_FILE: path, NODE_EXTRA_CA_CERTS: path, SSL_CERT_DIR: path };
    expect(await problemWith({ env })).toBe('untrusted');
    expect(await problemWith({ env, cacerts: [authority.caPem] })).toBeNull();
  });

  it('is not hurt by a broken system bundle', async () => {
    const path = await file('rubbish.pem', `${BROKEN}-----BEGIN CERTIFICATE-----\nAAAA`);
    expect(await problemWith({ env: { SSL_CERT_FILE: path } })).toBe('untrusted');
  });

  it('is loaded once for each kind', async () => {
    const trust = createTrustStore({ cacerts: [authority.caPem] });
    const [one, other, outdated] = await Promise.all([
      trust.context('modern'),
      trust.context('modern'),
      trust.context('outdated'),
    ]);
    expect(one).toBe(other);
    expect(outdated).not.toBe(one);
  });
});

describe('reading --cacert', () => {
  it('gives the text of each file', async () => {
    const path = await file('ca.pem', authority.caPem);
    const [text] = await readCaFiles([path]);
    expect(new X509Certificate(text ?? '').subject).toBe('CN=smtp-find lab');
  });

  it.each([
    ['missing.pem', null, 'no such file'],
    ['empty.pem', '', 'holds no certificate'],
    [
      'key.pem',
      '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----',
      'holds no certificate',
    ],
    ['broken-only.pem', BROKEN, 'holds no certificate'],
  ])('fails for %s with one clear line', async (name, text, expected) => {
    const path = join(folder, name);
    if (text !== null) await file(name, text);
    const error: unknown = await readCaFiles([path]).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SmtpFindError);
    expect(error).toMatchObject({ code: 'unreadable-file' });
    expect(String(error)).toContain(`--cacert "${path}": ${expected}`);
    expect(String(error)).not.toContain('\n');
  });

  it('says that a directory is no file', async () => {
    await expect(readCaFiles([folder])).rejects.toThrow('is a directory, expected a file');
  });
});
