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
    'tls://9.9.9.9',
    'https://dns.example/dns-query',
    '1.2.3.4,5.6.7.8',
    '\u001b[31m',
  ])('refuses %j in one line that says what is expected', (text) => {
    expect(() => parseResolver(text)).toThrow(
      expect.objectContaining({
        code: 'bad-option',
        message: expect.stringMatching(
          /^--resolver expects an IP address, .*9\.9\.9\.9[\x20-\x7e]*$/,
        ),
      }),
    );
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
