/** What strangers can't do, and what they are not blamed for. */
import { expect, it } from 'vitest';
import { autoconfigUrl, clientConfig, codes, D, decision, visit } from './scenes.ts';

it('a redirect out of the domain never takes the address along', async () => {
  const elsewhere = 'https://collect.elsewhere.example/x';
  let received = '';
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
        received = lab.requests.http.map(({ url }) => url).join(' ');
      },
    },
  );
  expect(received).toContain('emailaddress=');
  expect(received).not.toContain('collect.elsewhere.example');
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
