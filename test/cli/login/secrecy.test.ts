/** No secret in anything that the command line shows, however the login ends. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../../src/report/report.ts';
import type { Lab } from '../../lab/lab.ts';
import type { CliResult } from '../../lab/run-cli.ts';
import { runInProcess } from '../../lab/run-in-process.ts';
import { createSecretLab, expectSecrecy, PASSWORD, TOKEN, WRONG } from './secrets.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await createSecretLab();
});
afterAll(() => lab.stop());

function run(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  stdin = '',
): Promise<CliResult> {
  return runInProcess(['--login', ...args], { lab, env, stdin });
}

const EVERY = [['--json', '--all', '--explain'], ['-a', '-e'], ['-f', 'env'], ['--verbose']];
const inEnvironment = (value: string) => ({ SMTP_FIND_PASSWORD: value });

interface Case {
  readonly is: string;
  readonly address?: string;
  readonly secret?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly code: number;
}

describe('the command line', { concurrent: true }, () => {
  it.each<Case>([
    { is: 'accepted', env: inEnvironment(PASSWORD), code: 0 },
    { is: 'accepted from stdin', stdin: `${PASSWORD}\n`, code: 0 },
    { is: 'refused', secret: WRONG, env: inEnvironment(WRONG), code: 4 },
    { is: 'repeated', address: 'you@parrot.example', stdin: `${PASSWORD}\r\n`, code: 4 },
    {
      is: 'a token, repeated',
      address: 'you@parrot.example',
      secret: TOKEN,
      env: { SMTP_FIND_TOKEN: TOKEN },
      code: 4,
    },
    {
      is: 'remembered',
      address: 'you@remembering.example',
      env: inEnvironment(PASSWORD),
      code: 3,
    },
    { is: 'remembered, from stdin', address: 'you@away.example', stdin: PASSWORD, code: 3 },
    { is: 'not tried', address: 'you@expired.example', env: inEnvironment(PASSWORD), code: 3 },
  ])('never shows a secret that is $is', async (given) => {
    const { address = 'you@example.com', secret = PASSWORD, env = {}, stdin = '' } = given;
    const runs = EVERY.map(async (options) => {
      const { code, stdout, stderr } = await run([...options, address], env, stdin);
      expect([options, code, stdout === '']).toEqual([options, given.code, false]);
      expectSecrecy(secret, address, stdout, stderr);
    });
    await Promise.all(runs);
  });

  it('reports the login in JSON', async () => {
    const { stdout } = await run(['--json', 'you@example.com'], {}, PASSWORD);
    expect((JSON.parse(stdout) as Report).login).toEqual({
      outcome: 'accepted',
      mechanism: 'PLAIN',
      username: 'you@example.com',
      maySendAs: true,
      reply: expect.stringMatching(/^235 /),
    });
  });

  it('shows a server that only an unprotected answer names the password on request only', async () => {
    const refused = await run(['you@foreign.example'], {}, PASSWORD);
    expect(refused.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'pass --accept-host smtp.elsewhere.example',
    );
    const accept = ['--accept-host', 'SMTP.elsewhere.example.', 'you@foreign.example'];
    const accepted = await run(accept, {}, PASSWORD);
    expect(accepted.stdout).toContain('✔ Login accepted (PLAIN) as you@foreign.example');
    expect([refused.code, accepted.code]).toEqual([3, 0]);
  });
});
