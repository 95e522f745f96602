/** A throw-away certificate authority: ECDSA P-256, alive only in this process. */
import './reflect-metadata.ts'; // @peculiar/x509 needs it loaded first.
import { webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;
const MUST_STAPLE = '1.3.6.1.5.5.7.1.24';
/** A sequence of one integer, 5. */
const STATUS_REQUEST = new Uint8Array([0x30, 0x03, 0x02, 0x01, 0x05]);

export interface CertificateRequest {
  /** DNS names (wildcards too) for subjectAltName; with no names and no ips there is no subjectAltName. */
  readonly names: readonly string[];
  readonly ips?: readonly string[];
  /** Default: the first name. */
  readonly commonName?: string;
  /** Default: yesterday. */
  readonly notBefore?: Date;
  /** Default: in 90 days. */
  readonly notAfter?: Date;
  /** Signed by its own key instead of the authority's. */
  readonly selfSigned?: boolean;
  /** Signed by an intermediate authority, which the server shows as well, or leaves out. */
  readonly intermediate?: 'shown' | 'left-out' | 'expired';
  /** Promises a stapled OCSP response (RFC 7633). */
  readonly mustStaple?: boolean;
  /** With an RSA key of 1024 bits. */
  readonly weakKey?: boolean;
}

/** A certificate and its private key, as PEM. */
export interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
}

export interface Authority {
  /** The root, for `--cacert`. */
  readonly caPem: string;
  /** Equal requests are answered with the same certificate. */
  issue(request: CertificateRequest): Promise<KeyAndCertificate>;
}

/** @param name the authority's common name, to tell two of them apart */
export async function createAuthority(name = 'smtp-find lab'): Promise<Authority> {
  const [rootKeys, leafKeys] = await Promise.all([generateKeys(), generateKeys()]);
  const leafKeyPem = await exportKey(leafKeys.privateKey);
  const rootName = distinguishedName(name);
  const intermediateName = distinguishedName(`${name} intermediate`);
  const root = await X509CertificateGenerator.createSelfSigned({
    name: rootName,
    keys: rootKeys,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(Date.now() - 2 * DAY_MS),
    notAfter: new Date(Date.now() + 365 * DAY_MS),
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(rootKeys.publicKey),
    ],
  });
  const issued = new Map<string, Promise<KeyAndCertificate>>();

  async function intermediate(expired: boolean): Promise<X509Certificate> {
    return X509CertificateGenerator.create({
      subject: intermediateName,
      issuer: rootName,
      // One key for it and the leaves, as above.
      publicKey: leafKeys.publicKey,
      signingKey: rootKeys.privateKey,
      signingAlgorithm: ALGORITHM,
      notBefore: new Date(Date.now() - 2 * DAY_MS),
      notAfter: new Date(Date.now() + (expired ? -DAY_MS : 90 * DAY_MS)),
      extensions: [
        new BasicConstraintsExtension(true, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(leafKeys.publicKey),
        await AuthorityKeyIdentifierExtension.create(rootKeys.publicKey),
      ],
    });
  }

  async function create(request: CertificateRequest): Promise<KeyAndCertificate> {
    const subject = distinguishedName(request.commonName ?? request.names[0] ?? 'lab');
    const { selfSigned, intermediate: below } = request;
    const own = request.weakKey ? await generateWeakKeys() : leafKeys;
    const byLeafKey = selfSigned || below !== undefined;
    const certificate = await X509CertificateGenerator.create({
      subject,
      issuer: selfSigned ? subject : below ? intermediateName : rootName,
      // Leaves share one key: nothing is proven by its being secret, and it saves time.
      publicKey: own.publicKey,
      signingKey: byLeafKey ? leafKeys.privateKey : rootKeys.privateKey,
      signingAlgorithm: ALGORITHM,
      notBefore: request.notBefore ?? new Date(Date.now() - DAY_MS),
      notAfter: request.notAfter ?? new Date(Date.now() + 90 * DAY_MS),
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        await SubjectKeyIdentifierExtension.create(own.publicKey),
        await AuthorityKeyIdentifierExtension.create(
          byLeafKey ? leafKeys.publicKey : rootKeys.publicKey,
        ),
        ...(request.mustStaple ? [new Extension(MUST_STAPLE, false, STATUS_REQUEST)] : []),
        ...subjectAltName(request),
      ],
    });
    const chain = [certificate];
    if (below === 'shown' || below === 'expired') {
      chain.push(await intermediate(below === 'expired'));
    }
    const key = request.weakKey ? await exportKey(own.privateKey) : leafKeyPem;
    return { key, cert: chain.map((each) => `${each.toString('pem')}\n`).join('') };
  }

  return {
    caPem: `${root.toString('pem')}\n`,
    issue(request) {
      const id = JSON.stringify(request);
      const known = issued.get(id) ?? create(request);
      issued.set(id, known);
      return known;
    },
  };
}

function subjectAltName({
  names,
  ips = [],
}: CertificateRequest): SubjectAlternativeNameExtension[] {
  if (names.length + ips.length === 0) return [];
  return [
    new SubjectAlternativeNameExtension([
      ...names.map((value) => ({ type: 'dns' as const, value })),
      ...ips.map((value) => ({ type: 'ip' as const, value })),
    ]),
  ];
}

function distinguishedName(commonName: string): { CN: string[] }[] {
  return [{ CN: [commonName] }];
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

function generateWeakKeys(): Promise<webcrypto.CryptoKeyPair> {
  const publicExponent = new Uint8Array([1, 0, 1]);
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength: 1024,
    publicExponent,
    hash: 'SHA-256',
  };
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  const lines = der.toString('base64').replace(/.{1,64}/g, '$&\n');
  return `-----BEGIN PRIVATE KEY-----\n${lines}-----END PRIVATE KEY-----\n`;
}
