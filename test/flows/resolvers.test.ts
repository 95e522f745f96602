/** A resolver that the user named, and that does not do its work. */
import { once } from 'node:events';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { issueFor } from '../lab/certificate-choice.ts';
import { codes, visit } from './scenes.ts';

let server: Http2SecureServer | undefined;
afterEach(() => server?.close());

/** DNS over HTTPS that answers everything with this status, and hangs up. */
async function badResolver(status: number): Promise<{ resolver: string[]; port: number }> {
  server = createSecureServer(await issueFor('dns.example'), (request, response) => {
    request.resume().on('end', () => {
      response.writeHead(status).end('x');
      request.stream.session?.close();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { resolver: [`https://dns.example:${port}/dns-query`], port };
}

describe('DNS over HTTPS that answers with an error', () => {
  it.each([429, 500])('is told of, with its name (HTTP %d)', async (status) => {
    const { resolver, port } = await badResolver(status);
    const report = await visit(
      {},
      { unpaved: [], connectTo: [`dns.example:${port}:127.0.0.1:${port}`], session: { resolver } },
    );
    expect(report).toMatchObject({ status: 'not-found', complete: false });
    expect(codes(report)).toContain('resolver-failed');
    const warning = report.warnings.find(({ code }) => code === 'resolver-failed');
    expect(warning?.message).toContain('dns.example');
    expect(warning?.message).toContain(String(status));
  });
});
