/**
 * A small internet: the world, which holds all servers, and the machines of some users, each
 * behind a cable of its own.
 */
import { must } from './shell.ts';

/** Users' machines, by what their network is like. */
export const clients = {
  /** IPv4 and IPv6, and nothing in the way. */
  home: { number: 1, families: [4, 6] },
  v4: { number: 2, families: [4] },
  v6: { number: 3, families: [6] },
  /** Mail ports lead nowhere. */
  hotel: { number: 4, families: [4, 6] },
  /** The cable is in, and nothing comes back. */
  tunnel: { number: 5, families: [4, 6] },
  /** The cable is out. */
  unplugged: { number: 6, families: [4, 6] },
  /** Its resolver says of every name that it does not exist. */
  denied: { number: 7, families: [4], resolver: '192.0.2.55' },
  /** Its resolver can't look up anything, and says so. */
  failing: { number: 8, families: [4], resolver: '192.0.2.56' },
  /** For other clients, so that what the logs say of the rest is the program's doing. */
  neighbour: { number: 9, families: [4, 6] },
} as const satisfies Record<
  string,
  { readonly number: number; readonly families: readonly Family[]; readonly resolver?: string }
>;
type Family = 4 | 6;
export type Client = keyof typeof clients;

/** Runs a program of the packages to its end; @throws what it complained of. */
export type InRoot = (command: string, ...args: readonly string[]) => Promise<string>;

/** Nothing of this machine's environment. */
export const CLEAN: NodeJS.ProcessEnv = {
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  LC_ALL: 'C',
};

export function inRoot(root: string): InRoot {
  return (command, ...args) => must('chroot', [root, command, ...args], { env: CLEAN });
}

/** @param addresses of all servers */
export async function layCables(run: InRoot, addresses: readonly string[]): Promise<void> {
  const ip = (words: string): Promise<string> => run('ip', ...words.split(' '));
  await ip('link set lo up');
  // `nodad`: there is nobody whose address it could be.
  for (const address of addresses) {
    const host = address.includes(':') ? `${address}/128 dev lo nodad` : `${address}/32 dev lo`;
    await ip(`address add ${host}`);
  }
  await run('nft', '-f', '/etc/nftables.conf');
  for (const [name, { number, families }] of Object.entries(clients)) {
    await ip(`netns add ${name}`);
    await ip(`link add to-${name} type veth peer name eth0 netns ${name}`);
    await ip(`link set to-${name} up`);
    await ip(`-n ${name} link set lo up`);
    await ip(`-n ${name} link set eth0 up`);
    for (const family of families) {
      const [net, end] =
        family === 4 ? [`10.77.${number}.`, '/24 dev'] : [`fd77:${number}::`, '/64 nodad dev'];
      await ip(`address add ${net}1${end} to-${name}`);
      await ip(`-n ${name} address add ${net}2${end} eth0`);
      await ip(`-n ${name} -${family} route add default via ${net}1`);
    }
  }
  await ip('-n unplugged link set eth0 down');
}
