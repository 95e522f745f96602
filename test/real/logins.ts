/** Real logins through the library: each mechanism against a server that others wrote. */
import { createSession } from '../../src/index.ts';
import type { Results } from './results.ts';
import { PASSWORD, type World } from './world.ts';
import { matrixDomain, servers } from './zone.ts';

interface Login {
  readonly domain: string;
  readonly mechanism: string;
  readonly password?: string;
}

const byMechanism: readonly Login[] = [
  { domain: 'only-plain.example', mechanism: 'PLAIN' },
  { domain: 'only-login.example', mechanism: 'LOGIN' },
  { domain: 'only-cram.example', mechanism: 'CRAM-MD5' },
  { domain: 'no-plain.example', mechanism: 'SCRAM-SHA-256' },
];
const byServer: readonly Login[] = servers.map((server) => ({
  domain: matrixDomain(server, 'good', 587),
  mechanism: server === 'dovecot' ? 'SCRAM-SHA-256' : 'PLAIN',
}));

export async function tryLogins(world: World, results: Results): Promise<void> {
  results.heading('Logins by the library');
  for (const login of [...byMechanism, ...byServer]) {
    const complaints = await tryLogin(world, login, 'accepted');
    results.add(`${login.domain} takes ${login.mechanism}`, complaints);
  }
  for (const login of byServer) {
    const wrong = { ...login, password: 'a wrong password' };
    const complaints = await tryLogin(world, wrong, 'refused');
    results.add(`${login.domain} refuses a wrong password`, complaints);
  }
}

async function tryLogin(
  world: World,
  { domain, mechanism, password = PASSWORD }: Login,
  outcome: 'accepted' | 'refused',
): Promise<string[]> {
  const session = await createSession({ resolver: ['192.0.2.53'], cacert: [world.cacert] });
  try {
    const { login } = await session.find(`you@${domain}`, {
      login: { secret: { kind: 'password', value: password } },
      timeoutMs: 20_000,
    });
    const seen = JSON.stringify(login);
    return [
      ...(login?.outcome === outcome ? [] : [`expected ${outcome}: ${seen}`]),
      ...(outcome === 'refused' || login?.mechanism === mechanism
        ? []
        : [`not ${mechanism}: ${seen}`]),
      ...(seen.includes(password) ? [`the password shows: ${seen}`] : []),
    ];
  } finally {
    await session.close();
  }
}
