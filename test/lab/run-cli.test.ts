import { expect, test } from 'vitest';
import { createLab } from './lab.ts';
import { runCli, startCli } from './run-cli.ts';

test('the built CLI finds a server of the lab, and asks nothing else', async () => {
  const lab = await createLab({
    zone: { '_submissions._tcp.example.com': { SRV: '0 1 465 smtp.example.com' } },
    servers: { 'smtp.example.com:465': {} },
  });
  try {
    const result = await runCli(['you@example.com', '--json'], { lab });
    expect(result.json()).toMatchObject({
      status: 'verified',
      settings: { host: 'smtp.example.com' },
    });
    expect(result.code).toBe(0);
    expect(lab.conversations('smtp.example.com:465')).toHaveLength(1);
    expect(lab.received()).not.toMatch(/you(@|%40)/);
  } finally {
    await lab.stop();
  }
});

test('stdin and the environment are what the test says, and nothing else', async () => {
  const result = await runCli(['--offline', '--json'], { stdin: 'you@gmail.com\nyou@yahoo.com\n' });
  expect(result.ndjson()).toHaveLength(2);
});

test('a running CLI can be sent signals', async () => {
  const lab = await createLab({ dns: { '*': { drop: true } } });
  try {
    const { child, result } = startCli(['you@example.com'], { lab });
    const asked = async (): Promise<void> => {
      while (lab.requests.dns.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    await asked();
    child.kill('SIGINT');
    const { code } = await result;
    expect(code).toBe(130);
  } finally {
    await lab.stop();
  }
});
