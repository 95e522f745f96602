/** `npm run data:probe` in the lab, with a database of its own. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProviderFile } from '../../scripts/providers/format.ts';
import { type ProbeOptions, UsageError } from '../../scripts/providers/probe/options.ts';
import type { ProbeReport } from '../../scripts/providers/probe/report.ts';
import { runProbe, type Surroundings } from '../../scripts/providers/probe/run.ts';
import { type Probed, readProbed } from '../../scripts/providers/probed.ts';
import { dialogue } from '../lab/dialogue.ts';
import { createLab, type Lab } from '../lab/lab.ts';
import { environment } from '../lab/run-cli.ts';
import type { Scenario } from '../lab/scenario.ts';
import type { Script } from '../lab/scripted-server.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'smtp-find-probe-'));
  mkdirSync(join(folder, 'providers'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const out = (): string => join(folder, 'probed.json');
const recorded = (place: string): Probed | undefined => readProbed(out()).get(place);

/** `smtp.a.example:465`: TLS on 465, else STARTTLS; PLAIN and LOGIN. */
function database(places: Readonly<Record<string, readonly string[]>>): void {
  for (const [id, of] of Object.entries(places)) {
    const servers = of.map((place) => {
      const [host = '', port = ''] = place.split(':');
      const encryption = port === '465' ? ('tls' as const) : ('starttls' as const);
      return { host, port: Number(port), encryption, auth: ['PLAIN', 'LOGIN'], username: null };
    });
    const file: ProviderFile = {
      $schema: '../provider.schema.json',
      id,
      name: id,
      kind: 'mailbox',
      domains: [],
      mx: [],
      servers,
      notes: [],
      documentation: null,
      oauth: null,
      facts: [],
    };
    writeFileSync(join(folder, 'providers', `${id}.json`), JSON.stringify(file));
  }
}

interface Run extends Partial<Surroundings>, Partial<Pick<ProbeOptions, 'only' | 'atOnce'>> {
  readonly inspect?: (lab: Lab) => void;
}

async function run(servers: Scenario['servers'], options: Run = {}): Promise<ProbeReport> {
  const { only = [], atOnce = 4, inspect, ...surroundings } = options;
  const lab = await createLab({ servers: servers ?? {} });
  try {
    const report = await runProbe(
      {
        data: join(folder, 'providers'),
        out: out(),
        only,
        atOnce,
        pauseMs: 0,
        maxAge: 20,
        json: false,
        network: { ...lab.options, publicOnly: true, env: {} },
      },
      { signal: new AbortController().signal, today: '2026-10-25', ...surroundings },
    );
    inspect?.(lab);
    return report;
  } finally {
    await lab.stop();
  }
}

const coded = ({ differences }: ProbeReport): string[] =>
  differences.map(({ code, server }) => `${code} ${server}`).sort();

const good = { 'smtp.good.example:465': {}, 'smtp.good.example:587': {} };
const goodPlaces = ['smtp.good.example:465', 'smtp.good.example:587'];
const plain = { encryption: 'none' } as const;

describe('an examination', () => {
  it('writes what each server is like, and tells what is not as the database says', async () => {
    database({
      good: goodPlaces,
      dead: ['smtp.dead.example:465'],
      refused: ['smtp.refused.example:587'],
      expired: ['smtp.expired.example:465'],
      plain: ['smtp.plain.example:587'],
    });
    const report = await run({
      ...good,
      'smtp.refused.example:587': 'refused',
      'smtp.expired.example:465': { certificate: 'expired' },
      'smtp.plain.example:587': plain,
    });
    expect(recorded('smtp.good.example:465/tls')).toEqual({
      date: '2026-10-25',
      since: '2026-10-25',
      outcome: 'verified',
      protocol: 'TLSv1.3',
      auth: ['LOGIN', 'PLAIN'],
      certificate: { names: ['smtp.good.example'], problem: null },
    });
    expect(recorded('smtp.dead.example:465/tls')).toMatchObject({ outcome: 'dns' });
    expect(recorded('smtp.refused.example:587/starttls')).toMatchObject({ outcome: 'refused' });
    expect(recorded('smtp.expired.example:465/tls')).toMatchObject({
      outcome: 'certificate',
      certificate: { problem: 'expired' },
    });
    expect(recorded('smtp.plain.example:587/starttls')).toMatchObject({ outcome: 'tls' });
    expect(coded(report)).toEqual([
      'died smtp.dead.example:465/tls',
      'died smtp.refused.example:587/starttls',
      'lost-tls smtp.expired.example:465/tls',
      'lost-tls smtp.plain.example:587/starttls',
    ]);
    expect(report).toMatchObject({ worse: true, stopped: null, examined: 6, verified: 2 });
  });

  it('never signs in, and says goodbye', async () => {
    database({ good: goodPlaces });
    await run(good, {
      inspect: (lab) => {
        const heard = lab.received();
        expect(heard).not.toMatch(/^(?:AUTH|MAIL|RCPT)/m);
        expect(heard).toMatch(/^EHLO/m);
        expect(heard).toMatch(/^QUIT/m);
      },
    });
  });

  it('tells a month later what has changed, and not again what it told', async () => {
    database({
      good: goodPlaces,
      other: ['smtp.other.example:465'],
      dead: ['smtp.dead.example:465'],
      back: ['smtp.back.example:465'],
      names: ['smtp.names.example:465'],
    });
    await run({
      ...good,
      'smtp.other.example:465': { auth: ['PLAIN', 'LOGIN', 'CRAM-MD5'] },
      'smtp.names.example:465': {},
    });
    const report = await run(
      {
        ...good,
        'smtp.other.example:465': { auth: ['PLAIN', 'XOAUTH2'] },
        'smtp.back.example:465': {},
        'smtp.names.example:465': { certificate: { names: ['*.names.example'] } },
      },
      { today: '2026-11-25' },
    );
    expect(coded(report)).toEqual([
      'came-back smtp.back.example:465/tls',
      'certificate-names smtp.names.example:465/tls',
      'mechanisms smtp.other.example:465/tls',
      'not-offered smtp.other.example:465/tls',
      'still smtp.dead.example:465/tls',
    ]);
    expect(report.differences.find(({ code }) => code === 'mechanisms')).toMatchObject({
      removed: ['CRAM-MD5', 'LOGIN'],
      added: ['XOAUTH2'],
    });
    expect(recorded('smtp.dead.example:465/tls')).toMatchObject({
      date: '2026-11-25',
      since: '2026-10-25',
    });
    expect(recorded('smtp.good.example:465/tls')?.since).toBe('2026-10-25');
  });

  it('asks a server that failed again before that counts', async () => {
    database({ good: goodPlaces, shy: ['smtp.shy.example:465'] });
    let calls = 0;
    const report = await run({
      ...good,
      'smtp.shy.example:465': {
        script: async (peer) => {
          calls++;
          peer.send(calls === 1 ? '421 busy' : '554 go away');
        },
      },
    });
    expect(calls).toBe(2);
    expect(coded(report)).toEqual(['turned-away smtp.shy.example:465/tls']);
    expect(recorded('smtp.shy.example:465/tls')?.reason).toContain('554');
  });

  it('examines the servers of some providers only, and keeps what it knows of the others', async () => {
    database({ good: goodPlaces, other: ['smtp.other.example:465'] });
    const servers = { ...good, 'smtp.other.example:465': {} };
    await run(servers);
    const report = await run(servers, { only: ['other'], today: '2026-11-25' });
    expect(report.examined).toBe(1);
    expect(recorded('smtp.other.example:465/tls')?.date).toBe('2026-11-25');
    expect(recorded('smtp.good.example:465/tls')?.date).toBe('2026-10-25');
    await expect(run(servers, { only: ['nobody'] })).rejects.toThrow(UsageError);
  });

  it('lets a file that is broken stand', async () => {
    database({ good: goodPlaces });
    writeFileSync(out(), '{ "half');
    await expect(run(good)).rejects.toThrow(UsageError);
    expect(readFileSync(out(), 'utf8')).toBe('{ "half');
  });
});

describe('an interruption', () => {
  it('keeps what is known, and the next run asks the rest alone', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    database(Object.fromEntries(names.map((name) => [name, [`smtp.${name}.example:465`]])));
    const servers = Object.fromEntries(names.map((name) => [`smtp.${name}.example:465`, {}]));
    const interruption = new AbortController();
    const first = await run(servers, {
      atOnce: 1,
      signal: interruption.signal,
      onProgress: (examined) => {
        if (examined === 3) interruption.abort(new Error('interrupted'));
      },
    });
    expect(first).toMatchObject({ stopped: 'interrupted', examined: 3, verified: 3 });
    const known = [...readProbed(out()).keys()];
    expect(known).toHaveLength(3);

    const second = await run(servers, {
      inspect: (lab) => {
        const asked = names.filter((name) => lab.conversations(`smtp.${name}.example:465`).length);
        // One that is known to be all right shows first that the network works.
        expect(asked.filter((name) => known.includes(`smtp.${name}.example:465/tls`))).toHaveLength(
          1,
        );
      },
    });
    expect(second).toMatchObject({ stopped: null, examined: 3 });
    expect(readProbed(out()).size).toBe(6);
  });
});

describe('a network that is down', () => {
  const names = Array.from({ length: 20 }, (_, i) => `n${i}`);
  const places = Object.fromEntries(names.map((name) => [name, [`smtp.${name}.example:465`]]));

  it('makes no server dead, and is noticed after a dozen operators', async () => {
    database(places);
    // In the order of the plan n19 is the twelfth, n2 the thirteenth.
    const report = await run(
      { 'smtp.n2.example:465': {} },
      { inspect: (lab) => expect(lab.requests.smtp).toEqual([]) },
    );
    expect(report).toMatchObject({ stopped: 'no-network', examined: 0, differences: [] });
    expect(existsSync(out())).toBe(false);
    expect(await run({ 'smtp.n19.example:465': {} })).toMatchObject({ stopped: null });
  });

  it('makes no server dead when it goes down on the way', async () => {
    database(places);
    let down = false;
    const submission = dialogue({ replies: { EHLO: ['250-lab', '250 AUTH PLAIN LOGIN'] } });
    const script: Script = async (peer) => (down ? peer.destroy() : submission(peer));
    const servers = Object.values(places).map(([place = '']) => [place, { script }]);
    const report = await run(Object.fromEntries(servers), {
      atOnce: 1,
      onProgress: (examined) => {
        down = examined >= 3;
      },
    });
    expect(report).toMatchObject({ stopped: 'no-network', examined: 3, verified: 3, worse: false });
    expect(readProbed(out()).size).toBe(3);
  });

  it('leaves what is known as it is', async () => {
    const healthy = Object.fromEntries(Object.values(places).map(([place = '']) => [place, {}]));
    database(places);
    await run(healthy);
    const before = readFileSync(out(), 'utf8');
    expect(await run({}, { today: '2026-11-25' })).toMatchObject({ stopped: 'no-network' });
    expect(readFileSync(out(), 'utf8')).toBe(before);
  });

  it('is none where one that was all right answers', async () => {
    database({ ...places, good: goodPlaces });
    await run(good, { only: ['good'] });
    // The dead ones come before it, and are more than a dozen.
    const report = await run(good, { today: '2026-10-26' });
    expect(report).toMatchObject({ stopped: null, examined: names.length });
  });

  it('may be down for one port alone', async () => {
    database({ good: ['smtp.good.example:465'], other: ['smtp.other.example:25'] });
    const report = await run({ 'smtp.good.example:465': {}, 'smtp.other.example:25': 'refused' });
    expect(report).toMatchObject({
      stopped: null,
      worse: false,
      unproven: ['smtp.other.example:25/starttls'],
    });
    expect(recorded('smtp.other.example:25/starttls')).toBeUndefined();
  });
});

describe('the command', () => {
  const script = fileURLToPath(new URL('../../scripts/providers-probe.ts', import.meta.url));

  function start(args: readonly string[]) {
    const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
      cwd: dirname(dirname(script)),
      env: environment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise<{ code: number | null; stdout: string }>((resolve, reject) => {
      let stdout = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
      });
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, stdout }));
    });
    return { child, ended };
  }

  const common = (lab: Lab): string[] => ['--data', join(folder, 'providers'), ...lab.args];

  it('exits with 0 while nothing is worse, and with 1 when something is', async () => {
    database({ good: goodPlaces });
    const lab = await createLab({ servers: good });
    try {
      const first = await start([...common(lab), '--pause', '0', '--json']).ended;
      expect(first.code).toBe(0);
      expect(JSON.parse(first.stdout)).toMatchObject({ examined: 2, worse: false });
      database({ dead: ['smtp.dead.example:465'] });
      const second = await start([...common(lab), '--pause', '0']).ended;
      expect(second.code).toBe(1);
      expect(second.stdout).toContain('smtp.dead.example:465/tls');
    } finally {
      await lab.stop();
    }
  });

  it('writes what it knows when it is interrupted in a pause', async () => {
    database({ good: goodPlaces });
    const lab = await createLab({ servers: good });
    try {
      const { child, ended } = start([...common(lab), '--pause', '3600']);
      await expect.poll(() => lab.received()).toContain('QUIT');
      child.kill('SIGINT');
      const { code, stdout } = await ended;
      expect(code).toBe(130);
      expect(stdout).toContain('1 of 2 servers examined');
      expect(readProbed(out()).size).toBe(1);
    } finally {
      await lab.stop();
    }
  });
});
