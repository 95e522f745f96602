import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressVerdict, isLoopback } from '../../../src/net/connect/address-policy.ts';

const any = { publicOnly: false };
const publicOnly = { publicOnly: true };

describe('an address of this machine, its link or of groups', () => {
  it.each([
    '0.0.0.0',
    '0.1.2.3',
    '127.0.0.1',
    '127.255.255.255',
    '169.254.169.254',
    '224.0.0.1',
    '239.255.255.255',
    '255.255.255.255',
    '::',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::0.0.0.1',
    'fe80::1',
    'febf:ffff::1',
    'ff02::1',
    'FF05::2',
  ])('is forbidden: %s', (address) => {
    expect(addressVerdict(address, any)).toBe('forbidden');
    expect(addressVerdict(address, publicOnly)).toBe('forbidden');
  });
});

describe('an address of a private or a reserved range', () => {
  it.each([
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '100.127.255.255',
    '192.0.0.9',
    '192.0.2.1',
    '198.51.100.1',
    '203.0.113.1',
    '198.18.0.1',
    '198.19.255.255',
    '240.0.0.1',
    '255.255.255.254',
    'fc00::1',
    'fdff::1',
    'fec0::1',
    '100::1',
    '2001:db8::1',
    '2001:2::1',
    '2001::1',
    '3fff::1',
    '4000::1',
  ])('is refused only while public addresses alone are wanted: %s', (address) => {
    expect(addressVerdict(address, any)).toBe('allowed');
    expect(addressVerdict(address, publicOnly)).toBe('private');
  });
});

describe('a public address', () => {
  it.each([
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '169.253.255.255',
    '172.15.255.255',
    '172.32.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2001:200::1',
    '2001:4860:4860::8888',
    '2a00:1450::1',
    '3ffe::1',
  ])('is allowed: %s', (address) => {
    expect(addressVerdict(address, any)).toBe('allowed');
    expect(addressVerdict(address, publicOnly)).toBe('allowed');
  });
});

describe('text that is not the usual notation of an address', () => {
  it.each([
    '',
    'localhost',
    'example.com',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '8.8.8.8 ',
    '[::1]',
    '8.8.8.8:53',
    '2001:4860:4860::8888%eth0',
    'fe80::1%lo',
  ])('is forbidden: %j', (address) => {
    expect(addressVerdict(address, any)).toBe('forbidden');
  });
});

describe('an IPv6 address that leads to an IPv4 address', () => {
  const hex = (v4: string): string => {
    const [a = 0, b = 0, c = 0, d = 0] = v4.split('.').map(Number);
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  };
  const forms: readonly (readonly [string, (v4: string) => string])[] = [
    ['mapped', (v4) => `::ffff:${v4}`],
    ['mapped, in hexadecimal', (v4) => `::FFFF:${hex(v4)}`],
    ['mapped, in full', (v4) => `0000:0:0:0:0:ffff:${hex(v4)}`],
    ['translated', (v4) => `::ffff:0:${v4}`],
    ['NAT64', (v4) => `64:ff9b::${v4}`],
    ['NAT64, local use', (v4) => `64:ff9b:1::${v4}`],
    ['6to4', (v4) => `2002:${hex(v4)}::1`],
    ['6to4 with a loopback interface', (v4) => `2002:${hex(v4)}:1:2:3:4:5`],
  ];
  const v4 = fc.oneof(
    fc.ipV4(),
    fc.constantFrom('127.0.0.1', '10.0.0.1', '169.254.169.254', '0.0.0.0', '224.0.0.1', '8.8.8.8'),
  );

  it.each(forms)('is judged as that one is: %s', (_, write) => {
    fc.assert(
      fc.property(v4, fc.boolean(), (address, only) => {
        const options = { publicOnly: only };
        expect(addressVerdict(write(address), options)).toBe(addressVerdict(address, options));
      }),
    );
  });

  it('is judged as that one is in the oldest form too, but for :: and ::1', () => {
    fc.assert(
      fc.property(v4, (address) => {
        expect(addressVerdict(`::${address}`, any)).toBe(addressVerdict(address, any));
      }),
    );
  });
});

describe('every address', () => {
  it('is judged alike however it is written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 }),
        (groups) => {
          const full = groups.map((g) => g.toString(16).padStart(4, '0')).join(':');
          const short = new URL(`http://[${full}]`).hostname.slice(1, -1);
          expect(addressVerdict(short, publicOnly)).toBe(addressVerdict(full, publicOnly));
          expect(addressVerdict(full.toUpperCase(), any)).toBe(addressVerdict(full, any));
        },
      ),
    );
  });
});

describe('loopback', () => {
  it.each(['127.0.0.1', '127.1.2.3', '::1', '0::1', '::ffff:127.0.0.1', '::1%lo'])(
    'is %s',
    (address) => {
      expect(isLoopback(address)).toBe(true);
    },
  );
  it.each(['128.0.0.1', '::2', '::', 'fe80::1%lo', '0.0.0.0', 'localhost', ''])(
    'is not %j',
    (address) => {
      expect(isLoopback(address)).toBe(false);
    },
  );
});
