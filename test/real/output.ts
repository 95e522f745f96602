/** The other ways to ask and to be answered: text, a list on stdin, everything at once. */
import type { Machines, Run } from './program.ts';
import type { Results } from './results.ts';

export async function checkOutput(
  machines: Machines,
  cacert: string,
  results: Results,
): Promise<void> {
  results.heading('Text, lists and --all');
  const run = (args: readonly string[], stdin = ''): Promise<Run> =>
    machines.smtpFind([...args, '--cacert', cacert], { stdin });
  const check = async (
    name: string,
    args: readonly string[],
    exit: number,
    patterns: readonly RegExp[],
    stdin?: string,
  ): Promise<void> => {
    const { code, stdout, stderr } = await run(args, stdin);
    const complaints = [
      ...(code === exit ? [] : [`exit: expected ${exit}, got ${code}`]),
      ...patterns.filter((pattern) => !pattern.test(stdout)).map((pattern) => `no ${pattern}`),
      ...(/[\x00-\x09\x0b-\x1f\x7f\x9b]/.test(stdout) ? ['control characters on stdout'] : []),
      ...(stderr === '' ? [] : [`stderr: ${stderr}`]),
    ];
    results.add(name, complaints.length > 0 ? [...complaints, stdout] : []);
  };

  await check('tells people what was verified', ['you@tls.postfix-good.example'], 0, [
    /out\.postfix-good\.example/,
    /\b465\b/,
    /SSL\/TLS/,
    /PLAIN, LOGIN/,
    /Verified/,
    /TLS 1\.3/,
  ]);
  await check('tells people what is wrong', ['you@starttls.exim-expired.example'], 3, [
    /out\.exim-expired\.example/,
    /\b587\b/,
    /STARTTLS/,
    /[Nn]ot verified/,
    /expired\s+on\s+2025-01-01/,
  ]);
  await check('tells people that there is nothing', ['you@nothing.example'], 1, [
    /nothing\.example/,
  ]);
  await check('lists every server with --all', ['you@srv.example', '--all'], 0, [
    /out\.srv\.example[\s\S]*587/,
    /srv/,
  ]);
  await check('explains', ['you@fallback.example', '--explain'], 0, [
    /_submissions\._tcp\.fallback\.example/,
    /refused/,
    /autoconfig/,
  ]);
  const queries = ['you@srv.example', 'you@nothing.example', 'no address', 'you@web.example'];
  const list = `${queries.join('\n')}\n`;
  await check(
    'answers a list in its order, and exits with the worst',
    ['--json'],
    2,
    [
      /^\{.*"query":"you@srv\.example".*"verified".*\}\n\{.*"not-found".*\}\n\{.*"error".*\}\n\{.*"query":"you@web\.example".*\}\n$/,
    ],
    list,
  );
  const many = Array.from({ length: 40 }, (_, i) => `user${i}@srv.example`);
  await check(
    'answers forty addresses of one domain',
    ['--json', '--quiet', '-j', '20'],
    0,
    [/^(?:\{.*"verified".*\}\n){40}$/],
    `${many.join('\n')}\n`,
  );
}
