/** The names in a certificate's subjectAltName, read from OpenSSL's text. */
import { isIP, isIPv4, isIPv6, SocketAddress } from 'node:net';
import { printable } from '../../model/printable.ts';

/** Node quotes a value that holds anything which could be taken for another entry. */
const ENTRY = /([^:,"]+):("(?:[^"\\]|\\.)*"|[^,"]*)(?:, |$)/y;

/**
 * DNS names in lower case and IP addresses, each once; other kinds of names are left out.
 * @param text as `X509Certificate.subjectAltName` has it
 */
export function alternativeNames(text: string | undefined): readonly string[] {
  const names = new Set<string>();
  ENTRY.lastIndex = 0;
  for (let entry = next(text); entry !== null; entry = next(text)) {
    const [, kind, value = ''] = entry;
    const name =
      kind === 'DNS' ? dnsName(value) : kind === 'IP Address' ? addressText(value) : null;
    if (name !== null) names.add(name);
  }
  return [...names];
}

function next(text: string | undefined): RegExpExecArray | null {
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
