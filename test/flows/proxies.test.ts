/** Whole queries behind a proxy: mail, HTTPS and plain HTTP. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { exitCodeOf, exitCodes } from '../../src/cli/exit-codes.ts';
import { createSession } from '../../src/index.ts';
import { createLab, type Lab } from '../lab/lab.ts';
import type { Scenario } from '../lab/scenario.ts';
import { startHttpProxy, type TestHttpProxy } from '../net/proxy/proxies.ts';
import { closedPort } from '../net/servers.ts';
import { clientConfig, codes } from './scenes.ts';

/** A proxy that leads to the lab's places, and opens tunnels to the web and to mail alone. */
async function behindProxy(scenario: Scenario): Promise<{ lab: Lab; proxy: TestHttpProxy }> {
  const lab = await createLab(scenario);
  onTestFinished(() => lab.stop());
  const places: Record<string, string> = {};
  for (const rule of lab.options.connectTo) {
    const [host, port, toHost, toPort] = rule.split(':');
    if (host && port) places[`${host}:${port}`] = `${toHost}:${toPort}`;
  }
  return { lab, proxy: await startHttpProxy({ places, tunnelPorts: [443, 465, 587] }) };
}

describe('behind an HTTP proxy that opens no tunnels to port 80', () => {
  it('settings are found over plain HTTP, and the server is verified', async () => {
    const { lab, proxy } = await behindProxy({
      zone: { 'example.com': { MX: '10 mx.elsewhere.example' } },
      web: {
        'http://autoconfig.example.com/mail/config-v1.1.xml': clientConfig('smtp.example.com'),
        'https://autoconfig.example.com/': { status: 404 },
      },
      servers: { 'smtp.example.com:465': {} },
    });
    const { resolver, cacert } = lab.options;
    const session = await createSession({
      resolver,
      cacert,
      proxy: `http://127.0.0.1:${proxy.port}`,
    });
    onTestFinished(() => session.close());
    const report = await session.find('you@example.com', { explain: true });
    expect(report.settings).toMatchObject({ host: 'smtp.example.com', verified: true });
    expect(report.settings?.evidence[0]).toMatchObject({ source: 'autoconfig-http' });
    expect(report.complete).toBe(true);
    expect(proxy.requests).toContain('GET http://autoconfig.example.com/mail/config-v1.1.xml');
  });
});

describe('a proxy that is of no use', () => {
  it.each([
    ['is not there', closedPort],
    ['wants a password', async () => (await startHttpProxy({ refuse: 407 })).port],
  ])('is named when it %s', async (_, start) => {
    const lab = await createLab({ zone: { 'example.com': { MX: '10 mx.example.com' } } });
    onTestFinished(() => lab.stop());
    const { resolver, cacert } = lab.options;
    const port = await start();
    const session = await createSession({ resolver, cacert, proxy: `http://127.0.0.1:${port}` });
    onTestFinished(() => session.close());
    const report = await session.find('you@example.com');
    expect(report).toMatchObject({ status: 'not-found', complete: false });
    expect(codes(report)[0]).toBe('proxy-failed');
    expect(codes(report).filter((code) => code === 'proxy-failed')).toHaveLength(1);
    expect(exitCodeOf(report, true)).toBe(exitCodes.noNetwork);
    const named = report.warnings.find(({ code }) => code === 'proxy-failed');
    expect(named?.message).toContain(`127.0.0.1:${port}`);
  });

  it('is named, and not the servers, where the database knows those', async () => {
    const lab = await createLab({ zone: { 'gmail.com': { MX: '10 mx.gmail.com' } } });
    onTestFinished(() => lab.stop());
    const { resolver, cacert } = lab.options;
    const proxy = `http://127.0.0.1:${await closedPort()}`;
    const session = await createSession({ resolver, cacert, proxy });
    onTestFinished(() => session.close());
    const report = await session.find('you@gmail.com');
    expect(report).toMatchObject({ status: 'unverified', complete: false });
    expect(codes(report)[0]).toBe('proxy-failed');
    expect(codes(report)).not.toContain('dns-failed');
    expect(codes(report)).not.toContain('host-unreachable');
  });
});
