/** `--login` in the lab: real servers, real answers, in this process. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSession } from '../../../src/api/session.ts';
import type { Report } from '../../../src/report/report.ts';
import { createLab, type Lab } from '../../lab/lab.ts';
import type { Script } from '../../lab/scripted-server.ts';
import { type Outcome, runFake } from '../fake-io.ts';

const SECRET = 'correct-horse-battery-staple';

/** A server that has one answer to every login. */
function answering(reply: string): Script {
  return async (peer) => {
    peer.send('220 lab ESMTP');
    for (let line = await peer.line(); line !== null; line = await peer.line()) {
      const verb = line.split(' ', 1)[0];
      if (verb === 'EHLO') peer.send('250-lab', '250-SIZE 1000', '250 AUTH PLAIN');
      else if (verb === 'AUTH') peer.send(reply);
      else if (verb === 'MAIL') peer.send('553 5.7.1 not your address');
      else peer.send(verb === 'QUIT' ? '221 bye' : '250 ok');
    }
  };
}

const submissions = (domain: string): Record<string, { SRV: string }> => ({
  [`_submissions._tcp.${domain}`]: { SRV: `0 1 465 smtp.${domain}` },
});

let lab: Lab;

beforeAll(async () => {
  lab = await createLab({
    zone: {
      ...submissions('example.com'),
      ...submissions('local.example'),
      ...submissions('busy.example'),
      ...submissions('app.example'),
      ...submissions('alias.example'),
      ...submissions('expired.example'),
    },
    servers: {
      'smtp.example.com:465': { users: { 'you@example.com': SECRET } },
      'smtp.local.example:465': { users: { you: SECRET } },
      'smtp.busy.example:465': { script: answering('454 4.7.0 Temporary failure') },
      'smtp.app.example:465': {
        script: answering('534 5.7.9 Application-specific password required'),
      },
      'smtp.alias.example:465': { script: answering('235 2.7.0 Welcome') },
      'smtp.expired.example:465': { certificate: 'expired' },
      // In the database, with the note that passwords are refused.
      'smtp-mail.outlook.com:587': { auth: ['LOGIN', 'XOAUTH2'] },
    },
  });
});
afterAll(() => lab.stop());

function run(...argv: readonly string[]): Promise<Outcome> {
  return runFake(['--login', ...argv], {
    stdin: `${SECRET}\n`,
    createSession: (options) => createSession({ ...options, ...lab.options }),
  });
}

const validate = new Ajv({ strict: true, strictTypes: false, strictRequired: false }).compile(
  JSON.parse(
    readFileSync(new URL('../../../data/report.schema.json', import.meta.url), 'utf8'),
  ) as object,
);

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');

describe('the command line in the lab', () => {
  it.each([
    [
      'you@example.com',
      0,
      '✔ Login accepted (PLAIN) as you@example.com; may send as you@example.com.',
    ],
    ['you@local.example', 0, '✔ Login accepted (PLAIN) as you; may send as you@local.example.'],
    ['her@example.com', 4, '✖ Login refused (PLAIN) as her@example.com: 535 5.7.8'],
    ['you@busy.example', 3, '! Login not checked. smtp.busy.example:465 could not check'],
    ['you@app.example', 4, 'wants an app password here'],
    ['you@alias.example', 0, '! The login works, but smtp.alias.example:465 will not let it send'],
    ['you@expired.example', 3, '! The login was not tried: the server could not be verified.'],
    ['you@outlook.com', 3, '! The login was not tried: Outlook.com takes no password, only an'],
    ['example.com', 3, '! The login was not tried: a domain alone has no user name'],
  ])('tells how %s fared', async (address, expected, sentence) => {
    const [text, quiet, json] = await Promise.all([
      run(address),
      run('-q', address),
      run('--json', '--all', '--explain', address),
    ]);
    expect(oneLine(text.stdout)).toContain(sentence);
    expect(oneLine(quiet.stdout)).toContain(sentence);
    expect([text.code, quiet.code, json.code]).toEqual([expected, expected, expected]);
    const report = JSON.parse(json.stdout) as Report;
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
    expect(report.login).not.toBeNull();
    expect([text, quiet, json].map(({ stderr }) => stderr)).toEqual(['', '', '']);
  });

  it('says in a format why the server is not verified, not that the login was not tried', async () => {
    const [json, format] = await Promise.all([
      run('--json', 'you@expired.example'),
      run('-f', 'msmtp', 'you@expired.example'),
    ]);
    const { warnings } = JSON.parse(json.stdout) as Report;
    const why = warnings.find(({ code }) => code === 'certificate-expired')?.message;
    expect(format.stdout.split('\n')[0]).toBe(`# not verified: ${why}`);
    expect(format.stderr).toContain(`not verified. ${why}`);
  });

  it('logs in as somebody else when told so', async () => {
    const { code, stdout } = await run('--user', 'you@example.com', 'her@example.com');
    expect(oneLine(stdout)).toContain('User name you@example.com ');
    expect(code).toBe(0);
  });

  it('needs no login for any of it to stay as it was', async () => {
    lab.forget();
    const { code, stdout, stderr } = await runFake(['-e', 'you@alias.example'], {
      stdin: `${SECRET}\n`,
      createSession: (options) => createSession({ ...options, ...lab.options }),
    });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).not.toContain('Login');
    expect(lab.received()).not.toContain('AUTH');
    expect(stdout).toMatch(
      /banner: lab ESMTP\n[\s\S]*keywords: SIZE 1000\n\s+AUTH offered: PLAIN\n/,
    );
  });
});
