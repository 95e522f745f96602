import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createHostsFile, hostsFilePath, parseHosts } from '../../../src/net/connect/hosts-file.ts';

const text = `
# a comment
127.0.0.1   localhost
::1\tlocalhost ip6-localhost  # another
192.0.2.1 Smtp.Example  mail.example. smtp.example
2001:db8::1 smtp.example
not-an-address other.example
192.0.2.999 other.example
192.0.2.3
  192.0.2.4 indented.example\r
192.0.2.5 #commented.example
192.0.2.6 __proto__ constructor
`;

describe('the text of a hosts file', () => {
  const entries = parseHosts(text);

  it('gives each name all its addresses, each once and in order', () => {
    expect(entries.get('localhost')).toEqual(['127.0.0.1', '::1']);
    expect(entries.get('smtp.example')).toEqual(['192.0.2.1', '2001:db8::1']);
  });

  it('takes several names on a line, in any case, with a root dot or without', () => {
    expect(entries.get('mail.example')).toEqual(['192.0.2.1']);
    expect(entries.get('ip6-localhost')).toEqual(['::1']);
    expect(entries.get('indented.example')).toEqual(['192.0.2.4']);
  });

  it('passes over comments and lines that make no sense', () => {
    expect(entries.get('other.example')).toBeUndefined();
    expect(entries.get('commented.example')).toBeUndefined();
    expect(entries.get('')).toBeUndefined();
  });

  it('has no names of its own', () => {
    expect(entries.get('__proto__')).toEqual(['192.0.2.6']);
    expect(parseHosts('').get('constructor')).toBeUndefined();
  });
});

describe('a hosts file', () => {
  let folder: string | undefined;
  afterEach(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true });
    folder = undefined;
  });

  it('is read once, at the first look-up', async () => {
    folder = await mkdtemp(join(tmpdir(), 'hosts-'));
    const path = join(folder, 'hosts');
    const hosts = createHostsFile(path);
    await writeFile(path, '192.0.2.1 smtp.example');
    expect(await hosts.lookup('SMTP.example')).toEqual(['192.0.2.1']);
    await writeFile(path, '192.0.2.2 smtp.example');
    expect(await hosts.lookup('smtp.example')).toEqual(['192.0.2.1']);
  });

  it('is empty when it is missing, or no file', async () => {
    expect(await createHostsFile('/nonexistent/hosts').lookup('localhost')).toEqual([]);
    expect(await createHostsFile(tmpdir()).lookup('localhost')).toEqual([]);
  });

  it('lies where the operating system keeps it', () => {
    expect(hostsFilePath('linux')).toBe('/etc/hosts');
    expect(hostsFilePath('darwin')).toBe('/etc/hosts');
    expect(hostsFilePath('win32', 'D:\\Win')).toBe('D:\\Win\\System32\\drivers\\etc\\hosts');
  });
});
