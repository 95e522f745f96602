/**
 * What a certificate says, and whether it is good for a host.
 *
 * Names are compared as RFC 9525 §6 asks: subjectAltName only. Node's own check falls back to the
 * common name, so it is never used.
 */
import type { X509Certificate } from 'node:crypto';
import { isIP, isIPv4, isIPv6, SocketAddress } from 'node:net';
import type { PeerCertificate } from 'node:tls';
import { normaliseHost } from '../../model/domain.ts';
import { printable } from '../../model/printable.ts';
import type { CertificateFacts, CertificateProblem } from '../network.ts';

const LONGEST_NAME = 200; // characters of a subject or issuer

/**
 * @param host the name the certificate must carry
 * @param code what OpenSSL found wrong with the chain or its dates, null when nothing
 * @param now milliseconds since 1970
 */
export function describeCertificate(
  certificate: X509Certificate,
  host: string,
  code: string | null,
  now: number = Date.now(),
): CertificateFacts {
  const { subject, issuer } = certificate.toLegacyObject();
  const names = alternativeNames(certificate.subjectAltName);
  const from = Date.parse(certificate.validFrom);
  const to = Date.parse(certificate.validTo);
  const chain = chainProblem(code, from, to, now);
  return {
    names,
    subject: readableName(subject),
    issuer: readableName(issuer),
    validFrom: isoSeconds(from),
    validTo: isoSeconds(to),
    trusted: chain === null,
    problem: chain ?? nameProblem(host, names, subject),
    code,
  };
}

function chainProblem(
  code: string | null,
  from: number,
  to: number,
  now: number,
): CertificateProblem | null {
  // A date that cannot be read holds for no moment.
  if (code === 'CERT_HAS_EXPIRED' || !(now <= to)) return 'expired';
  if (code === 'CERT_NOT_YET_VALID' || !(now >= from)) return 'not-yet-valid';
  if (code === 'DEPTH_ZERO_SELF_SIGNED_CERT') return 'self-signed';
  return code === null ? null : 'untrusted';
}

function nameProblem(
  text: string,
  names: readonly string[],
  subject: Subject,
): CertificateProblem | null {
  const host = normaliseHost(text);
  if (host === null) return 'name';
  if (names.some((name) => matchesHost(name, host))) return null;
  const inCommonName = values(subject?.CN).some((name) => matchesHost(name.toLowerCase(), host));
  return inCommonName ? 'name-only-in-cn' : 'name';
}

/**
 * Whether one name of a certificate covers a host (RFC 9525 §6.3): addresses are equal, and `*`
 * stands only for the whole left-most label.
 *
 * @param name an entry of `CertificateFacts.names`
 * @param host lower case, A-labels
 */
export function matchesHost(name: string, host: string): boolean {
  if (isIP(host) !== 0) return addressText(name) === addressText(host);
  if (isIP(name) !== 0) return false;
  if (!name.startsWith('*.')) return normaliseHost(name) === host;
  const parent = normaliseHost(name.slice(2));
  // Nobody holds a whole top-level domain.
  if (parent === null || !parent.includes('.')) return false;
  const dot = host.indexOf('.');
  return dot > 0 && host.slice(dot + 1) === parent;
}

type Subject = PeerCertificate['subject'] | undefined;

/** Organisation and common name on one line, the one alone where it says both. */
function readableName(name: Subject): string {
  const [organisation] = values(name?.O);
  const common = values(name?.CN)[0] ?? values(name?.OU)[0];
  const parts = organisation && common?.includes(organisation) ? [common] : [organisation, common];
  return printable(parts.filter((part) => part !== undefined).join(', '), LONGEST_NAME);
}

/** An attribute that stands there twice comes as an array, whatever the types say. */
function values(attribute: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(attribute) ? attribute : [attribute];
  return list.filter((value): value is string => typeof value === 'string' && value !== '');
}

function isoSeconds(time: number): string {
  return Number.isNaN(time) ? '' : new Date(time).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** Node quotes a value that holds anything which could be taken for another entry. */
const ENTRY = /([^:,"]+):("(?:[^"\\]|\\.)*"|[^,"]*)(?:, |$)/y;

/**
 * DNS names in lower case and IP addresses, each once; other kinds of names are left out.
 * @param text as `X509Certificate.subjectAltName` has it
 */
export function alternativeNames(text: string | undefined): readonly string[] {
  const names = new Set<string>();
  ENTRY.lastIndex = 0;
  for (let entry = nextEntry(text); entry !== null; entry = nextEntry(text)) {
    const [, kind, value = ''] = entry;
    const name =
      kind === 'DNS' ? dnsName(value) : kind === 'IP Address' ? addressText(value) : null;
    if (name !== null) names.add(name);
  }
  return [...names];
}

function nextEntry(text: string | undefined): RegExpExecArray | null {
  return text !== undefined && ENTRY.lastIndex < text.length ? ENTRY.exec(text) : null;
}

/**
 * A name that had to be quoted is no host name, and one that hides something is none either; an
 * address counts only as an iPAddress (RFC 9525 §6.5).
 */
function dnsName(value: string): string | null {
  if (isIP(value) !== 0) return null;
  if (value === '' || value.startsWith('"') || printable(value) !== value) return null;
  return value.toLowerCase().replace(/\.$/, '');
}

/** An IP address in its one usual spelling; null when the text is none. */
export function addressText(text: string): string | null {
  if (isIPv4(text)) return text;
  if (!isIPv6(text) || text.includes('%')) return null;
  return new SocketAddress({ address: text, family: 'ipv6' }).address;
}
