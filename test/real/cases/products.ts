/** What stands between the program and Postfix, and servers that are not Postfix. */
import { type Case, startTls, tls, verified } from './case.ts';

/** @param domains with a server on port 465, and on port 587 */
const good = (product: string, ...[at465, at587]: readonly [string, string]): readonly Case[] => [
  {
    name: `verifies ${product} (465)`,
    query: `you@${at465}`,
    expected: verified(tls(at465), 'srv', { auth: ['PLAIN', 'LOGIN'] }),
  },
  {
    name: `verifies ${product} (587)`,
    query: `you@${at587}`,
    expected: verified(startTls(at587), 'srv', { auth: ['PLAIN', 'LOGIN'] }),
  },
];

export const products: readonly Case[] = [
  ...good('nginx in front of Postfix', 'nginx-tls.example', 'nginx.example'),
  ...good('haproxy in front of Postfix', 'haproxy-tls.example', 'haproxy.example'),
  ...good('stunnel in front of Postfix', 'stunnel-tls.example', 'stunnel.example'),
  ...good('sendmail', 'sendmail.example', 'other.sendmail.example'),
  ...good('Courier', 'courier.example', 'other.courier.example'),
];
