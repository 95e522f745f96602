import { Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { afterEach, describe, expect, test } from 'vitest';
import { createLab, type Lab } from './lab.ts';
import { LineClient } from './line-client.ts';
import type { Scenario } from './scenario.ts';

let lab: Lab | undefined;
afterEach(async () => {
  await lab?.stop();
  lab = undefined;
});

async function start(scenario: Scenario): Promise<Lab> {
  lab = await createLab(scenario);
  return lab;
}

/** Where the lab's rules lead, as curl reads them: the first that matches counts. */
function place({ options }: Lab, host: string, port: number): { address: string; port: number } {
  for (const rule of options.connectTo) {
    const [fromHost = '', fromPort = '', address = '', toPort = ''] = rule.split(':');
    if ((fromHost === '' || fromHost === host) && (fromPort === '' || Number(fromPort) === port)) {
      return { address, port: Number(toPort) };
    }
  }
  throw new Error(`${host}:${port} would leave the machine`);
}

async function fetchIn(
  it: Lab,
  url: string,
): Promise<{ status?: number; body: string; type?: string }> {
  const { protocol, hostname, pathname, search } = new URL(url);
  const secure = protocol === 'https:';
  const { address, port } = place(it, hostname, secure ? 443 : 80);
  const ca = await readFile(it.options.cacert[0] ?? '');
  const send = secure ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const options = {
      host: address,
      port,
      path: pathname + search,
      servername: hostname,
      ca,
      agent: false as const,
    };
    send({ ...options, headers: { host: hostname } }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () =>
        resolve({
          ...(response.statusCode && { status: response.statusCode }),
          ...(response.headers['content-type'] && { type: response.headers['content-type'] }),
          body,
        }),
      );
    })
      .on('error', reject)
      .end();
  });
}

describe('a lab', () => {
  test('gives every host an address and leads every place to loopback', async () => {
    const it = await start({
      zone: { 'example.com': { MX: '10 mx.example.com' }, 'own.example.com': { A: '192.0.2.2' } },
      web: { 'https://autoconfig.example.com/mail/config-v1.1.xml': '<clientConfig/>' },
      servers: {
        'smtp.example.com:465': {},
        'own.example.com:587': {},
        'dead.example.com:465': 'refused',
      },
    });
    const resolver = new Resolver();
    resolver.setServers([...it.options.resolver]);
    const [smtp] = await resolver.resolve4('smtp.example.com');
    expect(smtp).toBe('192.0.2.1');
    expect(await resolver.resolve4('own.example.com')).toEqual(['192.0.2.2']);
    expect(await resolver.resolve4('dead.example.com')).toEqual(['192.0.2.3']);
    expect(await resolver.resolve4('autoconfig.example.com')).toEqual(['192.0.2.4']);
    for (const [host, port] of [
      ['smtp.example.com', 465],
      ['smtp.example.com', 25],
      ['dead.example.com', 465],
    ] as const) {
      expect(place(it, host, port).address).toMatch(/^127\./);
    }
    for (const host of ['mx.example.com', 'elsewhere.example']) {
      expect(place(it, host, 587).address).toBe('nowhere.invalid');
    }
    await expect(resolver.resolve4('nowhere.invalid')).rejects.toThrow('ENOTFOUND');
    expect(it.args.filter((arg) => arg === '--connect-to')).toHaveLength(
      it.options.connectTo.length,
    );
  });

  test('serves documents by URL, over the scheme and host that they have', async () => {
    const it = await start({
      web: {
        'https://autoconfig.example.com/mail/config-v1.1.xml': '<clientConfig/>',
        'http://autoconfig.example.com/mail/config-v1.1.xml': { redirect: 'https://example.com/x' },
        'https://example.com/page': '<!doctype html><p>hello',
        'https://example.com/slow': { body: 'late', delayMs: 30 },
      },
    });
    const xml = 'https://autoconfig.example.com/mail/config-v1.1.xml';
    expect(await fetchIn(it, `${xml}?emailaddress=you%40example.com`)).toEqual({
      status: 200,
      type: 'text/xml',
      body: '<clientConfig/>',
    });
    expect((await fetchIn(it, xml.replace('https', 'http'))).status).toBe(302);
    expect((await fetchIn(it, 'https://example.com/page')).type).toBe('text/html');
    expect((await fetchIn(it, 'https://example.com/slow')).body).toBe('late');
    expect((await fetchIn(it, 'https://example.com/none')).status).toBe(404);
    expect(it.web.asked(xml)).toBe(1);
    expect(it.requests.http.map(({ method, url }) => `${method} ${url}`)).toContain(
      'GET https://example.com/page',
    );
    // What a test of privacy would find:
    expect(it.received()).toContain('you%40example.com');
    it.forget();
    expect(it.received()).toBe('');
  });

  test('shows the certificates that are asked for', async () => {
    const it = await start({
      web: { 'https://good.example/': 'x', 'https://bad.example/': 'x' },
      servers: { 'smtp.bad.example:465': { certificate: 'expired' } },
      certificates: { 'bad.example': 'wrong-name' },
    });
    expect((await fetchIn(it, 'https://good.example/')).body).toBe('x');
    await expect(fetchIn(it, 'https://bad.example/')).rejects.toThrow(/altnames/);
    const ca = await readFile(it.options.cacert[0] ?? '', 'utf8');
    const client = LineClient.tls(place(it, 'smtp.bad.example', 465), 'smtp.bad.example', ca);
    expect(await client.reply()).toBe('');
  });

  test('keeps the conversations, and twins share one server and one address', async () => {
    const it = await start({
      servers: { 'alias.example:587': { sameAs: 'smtp.example:587' }, 'smtp.example:587': {} },
    });
    const resolver = new Resolver();
    resolver.setServers([...it.options.resolver]);
    expect(await resolver.resolve4('alias.example')).toEqual(
      await resolver.resolve4('smtp.example'),
    );
    expect(place(it, 'alias.example', 587)).toEqual(place(it, 'smtp.example', 587));
    const client = LineClient.plain(place(it, 'alias.example', 587));
    await client.reply();
    await client.ask('QUIT');
    expect(it.conversations('smtp.example:587')[0]?.lines.map(({ text }) => text)).toContain(
      'QUIT',
    );
    expect(it.requests.smtp).toHaveLength(1);
    expect(it.mostAtOnce('smtp.example:587')).toBe(1);
  });

  test('says what becomes of everything that it does not know', async () => {
    const unknown = async (scenario: Scenario) => {
      const it = await createLab(scenario);
      await it.stop();
      return place(it, 'other.example', 443);
    };
    const closed = { address: '127.0.0.1', port: 1 };
    expect(await unknown({ unmapped: 'refused' })).toEqual(closed);
    expect(await unknown({ zone: { '*.other.example': { A: '192.0.2.1' } } })).toEqual(closed);
    expect((await unknown({ unmapped: 'hang' })).address).toBe('127.0.0.1');
    expect(await unknown({ unmapped: 'hang' })).not.toEqual(closed);
  });

  test('at a distance leads places to names, so that looking them up costs a round trip', async () => {
    const it = await start({ roundTripMs: 30, servers: { 'smtp.example:465': {} } });
    const { address } = place(it, 'smtp.example', 465);
    const resolver = new Resolver();
    resolver.setServers([...it.options.resolver]);
    const begun = performance.now();
    expect((await resolver.resolve4(address))[0]).toMatch(/^127\./);
    expect(performance.now() - begun).toBeGreaterThan(28);
  });

  test('rejects a scenario that makes no sense, and leaves nothing running', async () => {
    await expect(createLab({ servers: { 'smtp.example': {} } })).rejects.toThrow(
      'expected host:port',
    );
    await expect(
      createLab({ servers: { 'a.example:465': { sameAs: 'b.example:465' } } }),
    ).rejects.toThrow('no server at b.example:465');
  });
});
