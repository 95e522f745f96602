import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseResolver, serverLabel, systemServers } from '../../../src/net/dns/servers.ts';

describe('--resolver', () => {
  it.each([
    ['9.9.9.9', '9.9.9.9', 53],
    [' 127.0.0.1:5353 ', '127.0.0.1', 5353],
    ['::1', '::1', 53],
    ['[::1]', '::1', 53],
    ['[2001:db8::1]:5353', '2001:db8::1', 5353],
    ['fe80::1%eth0', 'fe80::1%eth0', 53],
    ['[fe80::1%eth0]:1053', 'fe80::1%eth0', 1053],
  ])('takes %s', (text, address, port) => {
    expect(parseResolver(text)).toEqual({ address, port, trusted: true, named: true });
  });

  it.each([
    '',
    'dns.example',
    '127.0.0.1:',
    '127.0.0.1:0',
    '127.0.0.1:65536',
    '127.0.0.1:53x',
    '127.1',
    '0x7f.0.0.1',
    '[127.0.0.1]:53',
    '[::1]:',
    '[::1',
    '::1]:53',
    'tls://',
    'tls://dns.example:0',
    'tls://dns.example:65536',
    'tls://2001:db8::1',
    'tls://dns.example/path',
    'tls://user@dns.example',
    'tls://9.9.9.9#',
    'tls://9.9.9.9#bad name',
    'tls://127.1',
    'https://',
    'https://dns.example:0/dns-query',
    'https://user:secret@dns.example/dns-query',
    'https://9.9.9.9/dns-query#dns.example',
    'http://dns.example/dns-query',
    'quic://dns.example',
    '1.2.3.4,5.6.7.8',
    '\u001b[31m',
  ])('refuses %j in one line that says what is expected', (text) => {
    expect(() => parseResolver(text)).toThrow(
      expect.objectContaining({
        code: 'bad-option',
        message: expect.stringMatching(
          /^--resolver expects an IP address, .*9\.9\.9\.9.*tls:\/\/.*https:\/\/[\x20-\x7e…]*$/,
        ),
      }),
    );
  });

  it('shows no password', () => {
    const text = 'https://user:secret@dns.example/dns-query';
    expect(() => parseResolver(text)).toThrow(/not "https:\/\/\*\*\*@dns\.example/);
  });

  const named = { trusted: true, named: true };
  it.each([
    ['tls://dns.example', { host: 'dns.example', port: 853, name: 'dns.example' }],
    ['TLS://DNS.example.:8853/', { host: 'dns.example', port: 8853, name: 'dns.example' }],
    ['tls://9.9.9.9#dns.quad9.net', { host: '9.9.9.9', port: 853, name: 'dns.quad9.net' }],
    ['tls://[2620:fe::fe]:853#Q9.example', { host: '2620:fe::fe', port: 853, name: 'q9.example' }],
    ['tls://[::1]', { host: '::1', port: 853, name: '::1' }],
  ])('reads %j as DNS over TLS', (text, place) => {
    expect(parseResolver(text)).toEqual({ over: 'tls', ...place, ...named });
  });

  it.each([
    ['https://dns.example/dns-query', 'dns.example', 443, 'dns.example', '/dns-query'],
    ['https://dns.example/q{?dns}', 'dns.example', 443, 'dns.example', '/q'],
    ['https://Dns.example', 'dns.example', 443, 'dns.example', '/dns-query'],
    ['https://1.1.1.1:8443/a?b=c', '1.1.1.1', 8443, '1.1.1.1:8443', '/a?b=c'],
    ['https://[::1]/x', '::1', 443, '[::1]', '/x'],
  ])('reads %j as DNS over HTTPS', (text, host, port, authority, target) => {
    const server = { over: 'https', host, port, name: host, authority, target, ...named };
    expect(parseResolver(text)).toEqual(server);
  });

  it.each([
    ['tls://[2620:fe::fe]:853#q9.example', 'tls://[2620:fe::fe]#q9.example'],
    ['tls://dns.example:8853', 'tls://dns.example:8853'],
    ['https://dns.example:8443/account-id', 'https://dns.example:8443'],
  ])('shows %j as %j', (text, shown) => {
    expect(serverLabel(parseResolver(text))).toBe(shown);
  });

  it('reads back what is shown to people', () => {
    const addresses = fc.oneof(fc.ipV4(), fc.ipV6());
    const places = fc.tuple(addresses, fc.integer({ min: 1, max: 65_535 }));
    fc.assert(
      fc.property(places, ([address, port]) => {
        const server = { address, port, trusted: true, named: true };
        expect(parseResolver(serverLabel(server))).toEqual(server);
      }),
    );
  });
});

describe("the system's resolvers", () => {
  it('are read in every form that Node writes them in', () => {
    const forms = ['192.0.2.1', '192.0.2.1:5353', '::1', '[::1]:5353', 'fe80::1%eth0', 'junk'];
    expect(systemServers(forms)).toEqual([
      { address: '192.0.2.1', port: 53, trusted: false, named: false },
      { address: '192.0.2.1', port: 5353, trusted: false, named: false },
      { address: '::1', port: 53, trusted: true, named: false },
      { address: '::1', port: 5353, trusted: true, named: false },
      { address: 'fe80::1%eth0', port: 53, trusted: false, named: false },
    ]);
  });

  it("can be had from this machine's configuration", () => {
    for (const server of systemServers()) expect(server.port).toBeGreaterThan(0);
  });
});
