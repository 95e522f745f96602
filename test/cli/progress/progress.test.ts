import { afterEach, describe, expect, it, vi } from 'vitest';
import { createProgressLine } from '../../../src/cli/progress/progress-line.ts';
import { createThroughput } from '../../../src/cli/progress/throughput.ts';
import { answerByName, runFake, Sink, type World } from '../fake-io.ts';

describe('the progress line', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('names what keeps us waiting, and counts what has answered', () => {
    const line = createProgressLine(null, true);
    expect(line.text()).toBe('0 of 0 answered, looking');
    const query = line.begin();
    query.event({ kind: 'ask', source: 'srv', from: '_submissions._tcp.example.com SRV' });
    query.event({ kind: 'ask', source: 'autoconfig', from: 'https://autoconfig.example.com/' });
    expect(line.text()).toBe('0 of 2 answered, asking _submissions._tcp.example.com SRV');
    query.event({ kind: 'answer', source: 'srv', from: '_submissions._tcp.example.com SRV' });
    query.event({ kind: 'probe', host: 'smtp.example.com', port: 465 });
    expect(line.text()).toBe('1 of 3 answered, asking https://autoconfig.example.com/');
    query.event({ kind: 'answer', source: 'autoconfig', from: 'https://autoconfig.example.com/' });
    expect(line.text()).toBe('2 of 3 answered, trying smtp.example.com:465');
  });

  it('says that it logs in when all else has answered', () => {
    const line = createProgressLine(null, true, 'logging in');
    expect(line.text()).toBe('0 of 0 answered, looking');
    const query = line.begin();
    query.event({ kind: 'probe', host: 'smtp.example.com', port: 465 });
    query.event({ kind: 'probed', host: 'smtp.example.com', port: 465 });
    expect(line.text()).toBe('1 of 1 answered, logging in');
  });

  it('counts queries when there are several, and forgets what a query left open', () => {
    const throughput = createThroughput(null, () => 0);
    const line = createProgressLine(throughput, true);
    const [one, two] = [line.begin(), line.begin()];
    one.event({ kind: 'probe', host: 'smtp.example.com', port: 465 });
    one.event({ kind: 'ask', source: 'srv', from: 'example.com SRV' });
    two.event({ kind: 'probe', host: 'smtp.example.com', port: 465 });
    one.event({ kind: 'probed', host: 'smtp.example.com', port: 465 });
    one.end();
    throughput.answered(0);
    expect(line.text()).toBe('1 done, trying smtp.example.com:465');
    two.end();
    expect(line.text()).toBe('1 done, looking');
  });

  /** As slow as the spinner is, however busy the machine. */
  const untilShown =
    (stderr: Sink) =>
    async (input: string, { onProgress }: { onProgress?: Progress }) => {
      onProgress?.({ kind: 'probe', host: `smtp.${'long-'.repeat(30)}.example`, port: 465 });
      await expect.poll(() => stderr.text).toContain('answered');
      return answerByName(input);
    };
  type Progress = (event: { kind: 'probe'; host: string; port: number }) => void;
  const env = { LANG: 'C.UTF-8', TERM: 'xterm' };

  it('shows on a terminal, fits it, and is gone in the end', async () => {
    const stderr = new Sink(true);
    const find = untilShown(stderr);
    const { stdout } = await runFake(['--json', 'a@example.com'], { stderr, env, find });
    expect(JSON.parse(stdout)).toMatchObject({ status: 'verified' });
    expect(stderr.text).toContain('0 of 1 answered, trying smtp.long-');
    const shown = /answered, trying.*?…/.exec(stderr.text)?.[0] ?? '';
    expect(shown.length).toBeLessThan(80);
    // The cursor is back, on an empty line.
    expect(stderr.text).toMatch(/<clearLine>\u001b\[\?25h$/);
  });

  it('is in ASCII where there is no Unicode', async () => {
    const stderr = new Sink(true);
    const find = untilShown(stderr);
    await runFake(['a@example.com'], { stderr, env: { ...env, LANG: 'C' }, find });
    expect(stderr.text).toMatch(/answered, trying smtp\.long-[a-z-]*\.\.\./);
    expect(stderr.text).toMatch(/^[\x00-\x7f]*$/);
  });

  it.each([
    ['not on a terminal', [], false, env],
    ['with --no-progress', ['--no-progress'], true, env],
    ['with --quiet', ['-q'], true, env],
    ['in CI', [], true, { ...env, CI: 'true' }],
    ['on a dumb terminal', [], true, { ...env, TERM: 'dumb' }],
  ])('is not there %s', async (_, options, isTTY, environment) => {
    const stderr = new Sink(isTTY);
    expect(await timersDuring([...options, 'a@example.com'], { stderr, env: environment })).toBe(0);
    expect(stderr.text).toBe('');
  });

  it('does not write into what is typed', async () => {
    const stderr = new Sink(true);
    const world = { stdin: 'a@example.com\n', stdinIsTTY: true, stderr, env };
    expect(await timersDuring(['-'], world)).toBe(0);
    expect(stderr.text).toBe('');
  });

  it('does not flicker when the answer is quick', async () => {
    const stderr = new Sink(true);
    expect(await timersDuring(['a@example.com'], { stderr, env })).toBe(1);
    expect([stderr.text, vi.getTimerCount()]).toEqual(['', 0]);
  });

  /** What would show it later. */
  async function timersDuring(argv: readonly string[], world: World): Promise<number> {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    let timers = -1;
    await runFake(argv, {
      ...world,
      find(input) {
        timers = vi.getTimerCount();
        return answerByName(input);
      },
    });
    return timers;
  }
});
