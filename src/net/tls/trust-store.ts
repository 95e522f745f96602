/**
 * The certificates that TLS trusts: Node's roots, the system's, and those of `--cacert`.
 *
 * Node's own roots are in a store that it shares among contexts; what comes on top is added to a
 * copy. Still OpenSSL takes its time, which is why a session keeps one context for each kind.
 */
import { X509Certificate } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import tls, { type SecureContext, type SecureContextOptions } from 'node:tls';
import { SmtpFindError } from '../../model/errors.ts';
import { printable } from '../../model/printable.ts';

/** Where the distributions keep their bundle; the first that holds certificates is used. */
const SYSTEM_BUNDLES: readonly string[] = [
  '/etc/ssl/certs/ca-certificates.crt', // Debian, Arch, Gentoo
  '/etc/pki/tls/certs/ca-bundle.crt', // Fedora, RHEL
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/ca-bundle.pem', // openSUSE
  '/etc/ssl/cert.pem', // Alpine, macOS, the BSDs
  '/usr/local/share/certs/ca-root-nss.crt', // FreeBSD
];
const MAX_FILE = 8 * 1024 * 1024; // bytes
const MAX_FILES = 1000; // of a directory

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

export interface TrustStoreOptions {
  /** PEM text of `--cacert` files. */
  readonly cacerts?: readonly string[];
  /** For SSL_CERT_FILE, SSL_CERT_DIR and NODE_EXTRA_CA_CERTS. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** `outdated` also speaks TLS 1.0 and 1.1 with old ciphers: to describe a server, never to trust it. */
export type TlsKind = 'modern' | 'outdated';

export interface TrustStore {
  /** Never rejects for what is wrong with the system's certificates. */
  context(kind: TlsKind): Promise<SecureContext>;
}

/** Reads nothing until the first context is asked for. */
export function createTrustStore({ cacerts = [], env = {} }: TrustStoreOptions = {}): TrustStore {
  const contexts = new Map<TlsKind, Promise<SecureContext>>();
  let extras: Promise<readonly string[]> | undefined;

  async function build(kind: TlsKind): Promise<SecureContext> {
    extras ??= loadExtras(cacerts, env);
    const extra = await extras;
    const options: SecureContextOptions = {
      ...(kind === 'modern' ? MODERN : OUTDATED),
      // As curl does: an intermediate that the user trusts is enough.
      ...(cacerts.length > 0 && { allowPartialTrustChain: true }),
    };
    return trusting(extra, options);
  }

  return {
    context(kind) {
      const context = contexts.get(kind) ?? build(kind);
      contexts.set(kind, context);
      return context;
    },
  };
}

/**
 * Documented is only the option `ca`, which stands in for Node's roots: with it all of them are
 * parsed once more, 30 ms. What Node calls for each `ca` can be called on top of them as well.
 */
function trusting(extra: readonly string[], options: SecureContextOptions): SecureContext {
  const context = tls.createSecureContext(options);
  if (extra.length === 0) return context;
  const native = context.context as { addCACert?: (pem: string) => void };
  if (typeof native.addCACert !== 'function') {
    return tls.createSecureContext({ ...options, ca: [...tls.rootCertificates, ...extra] });
  }
  for (const pem of extra) native.addCACert(pem);
  return context;
}

/** Level 2, as Debian's OpenSSL and newer Nodes have it: no RSA or DH below 2048 bits, no SHA-1. */
const MODERN: SecureContextOptions = {
  minVersion: 'TLSv1.2',
  ciphers: `${tls.DEFAULT_CIPHERS}:@SECLEVEL=2`,
};
const OUTDATED: SecureContextOptions = { minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' };

/**
 * The PEM text of each `--cacert` file.
 * @throws SmtpFindError `unreadable-file` when one cannot be read or holds no certificate
 */
export async function readCaFiles(paths: readonly string[]): Promise<readonly string[]> {
  return Promise.all(paths.map(readCaFile));
}

async function readCaFile(path: string): Promise<string> {
  const shown = `--cacert "${printable(path, 200)}"`;
  let text: string;
  try {
    text = await readBounded(path);
  } catch (cause) {
    throw new SmtpFindError('unreadable-file', `${shown}: ${whyUnreadable(cause)}`, { cause });
  }
  if (certificatesIn(text).some(isCertificate)) return text;
  const message = `${shown}: holds no certificate; expected PEM, with -----BEGIN CERTIFICATE-----`;
  throw new SmtpFindError('unreadable-file', message);
}

function whyUnreadable(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EACCES') return 'permission denied';
  return code === 'EISDIR' ? 'is a directory, expected a file' : `cannot be read (${code})`;
}

/** What the user and the system trust on top of Node's roots; only what parses, each once. */
async function loadExtras(
  cacerts: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly string[]> {
  const texts = [...cacerts, ...nodeSystemStore(), ...(await systemTexts(env))];
  const known = new Set(tls.rootCertificates.map(essence));
  const extras: string[] = [];
  for (const pem of texts.flatMap(certificatesIn)) {
    const id = essence(pem);
    if (known.has(id)) continue;
    known.add(id);
    if (isCertificate(pem)) extras.push(pem);
  }
  return extras;
}

async function systemTexts(
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly string[]> {
  const { SSL_CERT_FILE: file, SSL_CERT_DIR: directories, NODE_EXTRA_CA_CERTS: extra } = env;
  // As in OpenSSL, the variable replaces the usual place.
  const bundle = file ? readable(file) : firstBundle();
  const separator = process.platform === 'win32' ? ';' : ':';
  const texts = await Promise.all([
    bundle,
    extra && extra !== file ? readable(extra) : '',
    ...(directories?.split(separator) ?? []).map(directoryText),
  ]);
  return texts;
}

async function firstBundle(): Promise<string> {
  if (process.platform === 'win32') return '';
  for (const path of SYSTEM_BUNDLES) {
    const text = await readable(path);
    if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  }
  return '';
}

async function directoryText(directory: string): Promise<string> {
  try {
    const names = await readdir(directory);
    // OpenSSL finds certificates by these names; beside them lie the same under other names.
    const hashed = names.filter((name) => /^[0-9a-f]{8}\.\d+$/.test(name));
    const wanted = (hashed.length > 0 ? hashed : names).slice(0, MAX_FILES);
    return (await Promise.all(wanted.map((name) => readable(join(directory, name))))).join('\n');
  } catch {
    return '';
  }
}

/** A file's text, or nothing: what is wrong with the system's certificates must not stop us. */
async function readable(path: string): Promise<string> {
  try {
    const file = await stat(path);
    return file.isFile() && file.size <= MAX_FILE ? await readFile(path, 'latin1') : '';
  } catch {
    return '';
  }
}

/** As much of a file as could be certificates, be it a pipe or without an end. */
async function readBounded(path: string): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(path, { end: MAX_FILE - 1 })) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('latin1');
}

/** The store of macOS and Windows; elsewhere Node would only read the bundle once more. */
function nodeSystemStore(): readonly string[] {
  if (process.platform !== 'darwin' && process.platform !== 'win32') return [];
  // Since Node 22.15.
  const { getCACertificates } = tls as { getCACertificates?: (type: 'system') => string[] };
  try {
    return getCACertificates?.('system') ?? [];
  } catch {
    return [];
  }
}

function certificatesIn(text: string): readonly string[] {
  return text.match(PEM) ?? [];
}

/** The base64 alone: files differ in line ends and widths. */
function essence(pem: string): string {
  return pem.replace(/-----[^-]+-----|\s/g, '');
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
