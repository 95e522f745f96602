/** What strangers can't do, and what they are not blamed for. */
import { expect, it } from 'vitest';
import { autoconfigUrl, clientConfig, codes, D, decision, visit } from './scenes.ts';

it('a redirect out of the domain never takes the address along', async () => {
  const elsewhere = 'https://collect.elsewhere.example/x';
  let received: readonly string[] = [];
  await visit(
    {
      web: {
        [autoconfigUrl(D)]: (request, response) => {
          const { search } = new URL(request.url ?? '/', autoconfigUrl(D));
          response.writeHead(302, { location: `${elsewhere}${search}` }).end();
        },
        [elsewhere]: clientConfig(`smtp.${D}`),
      },
      servers: { [`smtp.${D}:465`]: {} },
    },
    {
      sendAddress: true,
      inspect: (lab) => {
        received = lab.requests.http.map(({ url }) => url);
      },
    },
  );
  expect(received.join(' ')).toContain('emailaddress=');
  const away = received.filter((url) => url.includes('collect.elsewhere.example'));
  expect(away.join(' ')).not.toMatch(/emailaddress|you/);
});

it('a hoster that autoconfig leads to is asked without the address', async () => {
  const hoster = 'https://autoconfig.hoster.example/mail/config-v1.1.xml';
  const report = await visit(
    {
      web: { [autoconfigUrl(D)]: { redirect: hoster }, [hoster]: clientConfig(`smtp.${D}`) },
      servers: { [`smtp.${D}:465`]: {} },
    },
    { sendAddress: true },
  );
  expect(decision(report)).toBe(`smtp.${D}:465/tls verified autoconfig`);
});

it('below a public suffix everybody else is a stranger', async () => {
  const suffix = 'uk.com';
  const report = await visit(
    {
      zone: { [`_submissions._tcp.${suffix}`]: { SRV: `0 1 465 mail.evil.${suffix}` } },
      web: { [autoconfigUrl(suffix)]: { status: 404 } },
      servers: { [`mail.evil.${suffix}:465`]: {} },
    },
    {
      query: `you@${suffix}`,
      sendAddress: true,
      inspect: (lab) => {
        expect(lab.requests.http.map(({ url }) => url).join(' ')).not.toContain(
          `autoconfig.${suffix}/mail/config-v1.1.xml?`,
        );
      },
    },
  );
  expect(decision(report)).toBe(`mail.evil.${suffix}:465/tls verified srv-foreign`);
  expect(codes(report)).toContain('host-outside-domain');
});

it('a web address that is refused is told of, with the way to allow it', async () => {
  const report = await visit(
    { web: { [autoconfigUrl(D)]: { redirect: 'https://127.0.0.1/x' } } },
    { unpaved: [] },
  );
  const warning = report.warnings.find(({ code }) => code === 'address-refused');
  expect(warning?.message).toContain('--connect-to 127.0.0.1:443');
});

it('a record that cannot be used is no passing failure', async () => {
  const report = await visit(
    { zone: { [D]: { MX: '10 not!a!host' } }, servers: { [`smtp.${D}:465`]: {} } },
    { unpaved: ['not!a!host'] },
  );
  expect(decision(report)).toBe(`smtp.${D}:465/tls verified guess`);
  expect(report.complete).toBe(true);
  expect(codes(report)).toEqual(['assumed-username']);
});

it('a provider behind a bridge is not guessed at', async () => {
  const report = await visit(
    {
      zone: { [D]: { MX: '10 mail.protonmail.ch' } },
      servers: { [`smtp.${D}:465`]: {} },
    },
    { unpaved: [] },
  );
  expect(decision(report)).toBe('127.0.0.1:1025/starttls unverified mx-provider');
  expect([codes(report), report.provider?.id]).toEqual([
    ['local-server', 'sign-in-name'],
    'proton',
  ]);
});

it('an address of this machine that somebody publishes is not taken for a bridge', async () => {
  const report = await visit(
    { web: { [autoconfigUrl(D)]: clientConfig({ host: '127.0.0.1', port: 1025 }) } },
    { unpaved: [] },
  );
  expect(decision(report)).toBe('127.0.0.1:1025/starttls unverified autoconfig');
  expect([codes(report), report.provider]).toEqual([['address-refused'], null]);
});
