import { beforeAll, describe, expect, it } from 'vitest';
import { loadDirectory, type ProviderDirectory } from '../../src/providers/directory.ts';
import { settingsForDomain } from '../../src/providers/own-domains.ts';

let directory: ProviderDirectory;

beforeAll(async () => {
  directory = await loadDirectory();
});

/** The user names of all servers, and whether there is more to say. */
function signIn(id: string, domain: string): [usernames: string, message: boolean] {
  const provider = directory.byId(id);
  if (provider === null) throw new Error(`no ${id}`);
  const { servers, signIn } = settingsForDomain(provider, domain);
  const usernames = new Set(servers.map(({ username }) => username));
  return [[...usernames].join(), signIn !== null];
}

describe('the user name at a provider', () => {
  it.each<[string, string, string, boolean]>([
    ['icloud', 'icloud.com', '%EMAILADDRESS%', false],
    ['icloud', 'example.org', '%USERNAME%', true],
    ['mailfence', 'mailfence.com', '%EMAILLOCALPART%', false],
    ['mailfence', 'example.org', '%USERNAME%', true],
    ['disroot', 'example.org', '%USERNAME%', true],
    ['1blu', 'example.org', '%USERNAME%', true],
    ['domeneshop', 'example.org', '%USERNAME%', true],
    ['easyname', 'example.org', '%USERNAME%', true],
    ['fastmail', 'fastmail.com', '%EMAILADDRESS%', false],
    ['fastmail', 'name.fastmail.com', '%EMAILADDRESS%', false],
    ['fastmail', 'notfastmail.com', '%EMAILADDRESS%', true],
    ['mailbox.org', 'example.org', '%EMAILADDRESS%', true],
    ['runbox', 'example.org', '%EMAILADDRESS%', true],
    ['proton', 'example.org', '%EMAILADDRESS%', true],
    ['google-workspace', 'example.org', '%EMAILADDRESS%', false],
    ['microsoft-365', 'example.org', '%EMAILADDRESS%', false],
    ['hetzner', 'example.org', '%EMAILADDRESS%', false],
  ])('%s for %s is %s', (id, domain, username, message) => {
    expect(signIn(id, domain)).toEqual([username, message]);
  });

  it('changes nothing else', () => {
    const provider = directory.byId('icloud');
    const servers = provider && settingsForDomain(provider, 'example.org').servers;
    expect(servers?.map((server) => ({ ...server, username: null }))).toEqual(
      provider?.servers.map((server) => ({ ...server, username: null })),
    );
  });
});
