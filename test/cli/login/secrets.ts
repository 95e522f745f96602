/** A lab with secrets in it, and a search for them in whatever was shown. */
import { expect } from 'vitest';
import { createLab, type Lab } from '../../lab/lab.ts';
import type { Script } from '../../lab/scripted-server.ts';

export const PASSWORD = 'Qz7-kÄse Wurst&99';
export const WRONG = 'Nearly-the-right-one&98';
export const TOKEN = 'ya29.Gl0tBwXk4mQ~7Zr_secretTokenValue==';

/** Repeats all that it was sent, as it came and decoded, and then lets nobody in. */
const parrot: Script = async (peer) => {
  peer.send('220 lab ESMTP');
  for (let line = await peer.line(); line !== null; line = await peer.line()) {
    const [verb = '', , initial = ''] = line.split(' ');
    if (verb === 'EHLO') peer.send('250-lab', '250 AUTH PLAIN LOGIN XOAUTH2 OAUTHBEARER');
    else if (verb === 'AUTH') {
      const decoded = Buffer.from(initial, 'base64')
        .toString()
        .replaceAll(/\p{Control}/gu, ' ');
      peer.send(`535 5.7.8 ${decoded} or ${initial} is no good`);
    } else if (verb === 'QUIT') {
      peer.send('221 bye');
      return;
    } else peer.send('250 ok');
  }
};

/** Knows the password from an earlier login, and greets with it. */
const remembering: Script = async (peer) => {
  const half = PASSWORD.slice(0, 9);
  peer.send(`220-lab ${half}`, `220 ${PASSWORD.slice(9)}`);
  for (let line = await peer.line(); line !== null; line = await peer.line()) {
    if (line.startsWith('EHLO')) {
      peer.send(`250-${PASSWORD}`, `250-XPW ${PASSWORD}`, '250 AUTH PLAIN');
    } else {
      peer.send('221 bye');
      return;
    }
  }
};

const turningAway: Script = async (peer) => {
  peer.send(`554-5.7.1 lab ${PASSWORD}`, '554 5.7.1 go away');
  await peer.line();
};

export function createSecretLab(): Promise<Lab> {
  const users = { 'you@example.com': PASSWORD };
  const submissions = (host: string): { SRV: string } => ({ SRV: `0 1 465 smtp.${host}` });
  return createLab({
    zone: {
      '_submissions._tcp.example.com': submissions('example.com'),
      '_submissions._tcp.parrot.example': submissions('parrot.example'),
      '_submissions._tcp.remembering.example': submissions('remembering.example'),
      '_submissions._tcp.away.example': submissions('away.example'),
      '_submissions._tcp.expired.example': submissions('expired.example'),
      '_submissions._tcp.foreign.example': submissions('elsewhere.example'),
    },
    servers: {
      'smtp.example.com:465': { users, delayMs: 20 },
      'smtp.parrot.example:465': { script: parrot },
      'smtp.remembering.example:465': { script: remembering, certificate: 'expired' },
      'smtp.away.example:465': { script: turningAway },
      'smtp.expired.example:465': { users, certificate: 'expired' },
      'smtp.elsewhere.example:465': { users: { 'you@foreign.example': PASSWORD } },
    },
  });
}

/** The secret, whole or in part, as such or in the clothes it wears on the wire. */
function formsOf(secret: string, user: string): string[] {
  const encoded = [secret, `\0${user}\0${secret}`, `${secret}\u0001\u0001`].flatMap((text) =>
    (['base64', 'base64url', 'hex'] as const).map((name) => Buffer.from(text).toString(name)),
  );
  const parts = [
    secret.slice(0, 8),
    secret.slice(-8),
    ...encoded.map((form) => form.slice(-14, -3)),
  ];
  return [secret, encodeURIComponent(secret), ...encoded, ...parts];
}

export function expectSecrecy(secret: string, user: string, ...texts: readonly string[]): void {
  for (const form of formsOf(secret, user)) {
    for (const text of texts) expect(text.toLowerCase()).not.toContain(form.toLowerCase());
  }
}
