import { expect, test } from 'vitest';
import type { TlsFacts } from '../../src/net/network.ts';
import { tlsWarnings } from '../../src/report/tls-warnings.ts';

const server = { host: 'smtp.example.com', port: 587, encryption: 'starttls' } as const;

test.each<[string, TlsFacts['cipher'], boolean, string[]]>([
  ['TLSv1.3', 'TLS_AES_256_GCM_SHA384', false, []],
  ['TLSv1.2', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', false, []],
  ['TLSv1.2', 'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256', false, []],
  ['TLSv1.2', 'TLS_RSA_WITH_AES_128_GCM_SHA256', false, ['tls-rsa-only']],
  ['TLSv1.3', 'TLS_AES_256_GCM_SHA384', true, ['staple-missing']],
])('%s with %s, staple missing: %s', (protocol, cipher, missingStaple, codes) => {
  const warnings = tlsWarnings(server, { protocol, cipher, missingStaple, certificate: null });
  expect(warnings.map(({ code }) => code)).toEqual(codes);
});
