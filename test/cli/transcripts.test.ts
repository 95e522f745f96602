/** `--verbose`: what was said, on stderr. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session, SessionOptions } from '../../src/api/session.ts';
import { createTranscripts } from '../../src/cli/output/transcripts.ts';
import type { TraceSink } from '../../src/smtp/trace.ts';
import { createLab, type Lab } from '../lab/lab.ts';
import { runInProcess } from '../lab/run-in-process.ts';
import { answerByName, runFake, Sink } from './fake-io.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await createLab({
    zone: {
      '_submissions._tcp.example.com': { SRV: '0 1 465 smtp.example.com' },
      '_submission._tcp.plain.example': { SRV: '0 1 587 smtp.plain.example' },
      '_submissions._tcp.shut.example': { SRV: '0 1 465 smtp.shut.example' },
    },
    servers: {
      'smtp.example.com:465': { users: { 'you@example.com': 'open sesame' } },
      'smtp.plain.example:587': { certificate: 'expired' },
      'smtp.shut.example:465': 'refused',
    },
  });
});
afterAll(() => lab.stop());

const blocks = (stderr: string): string[] => stderr.split('\n\n').filter((block) => block !== '');

describe('--verbose', () => {
  it('shows what we know, say and hear, and leaves stdout alone', async () => {
    const { code, stdout, stderr } = await runInProcess(['-v', '--json', 'you@example.com'], {
      lab,
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'verified' });
    const block = blocks(stderr).find((text) => text.includes('> QUIT')) ?? '';
    expect(block).toMatch(
      /^\* Connected to smtp\.example\.com \(\S+\) port 465\n\* TLS 1\.3, TLS_/,
    );
    expect(block).toMatch(
      /\* Certificate for smtp\.example\.com, from .*\n\* Certificate verified\n< 220 /,
    );
    expect(block).toMatch(/\n> EHLO \S+\n< 250-/);
    expect(block).toMatch(/\n> QUIT\n< 221 .*$/);
  });

  it('shows both halves around STARTTLS, and what is wrong with a certificate', async () => {
    const { stderr } = await runInProcess(['-v', 'you@plain.example'], { lab });
    const block = blocks(stderr).find((text) => text.includes('> STARTTLS')) ?? '';
    expect(block).toMatch(
      /> STARTTLS\n< 220 .*\n\* TLS .*\n\* Cert.*\n\* Not verified: .*expired.*\n> EHLO/,
    );
  });

  it('names the server to which there was no connection, and why', async () => {
    const { stderr } = await runInProcess(['-v', 'you@shut.example'], { lab });
    expect(blocks(stderr)).toContainEqual(
      expect.stringMatching(/^\* Connecting to smtp\.shut\.example port 465\n\* .*refused/),
    );
  });

  it('shows a login without what is secret', async () => {
    const { code, stderr } = await runInProcess(['-v', '--login', 'you@example.com'], {
      lab,
      env: { SMTP_FIND_PASSWORD: 'open sesame' },
    });
    expect(code).toBe(0);
    expect(stderr).toMatch(/> AUTH PLAIN \*{8}\n< 235 /);
    expect(stderr).not.toContain('sesame');
    expect(stderr).not.toContain(Buffer.from('open sesame').toString('base64').slice(4, 12));
  });
});

const server = { host: 'a.example', port: 465, encryption: 'tls' } as const;

/** A session that does what the test wants, with somebody reading along. */
function sessionThat(
  find: (sink: TraceSink, signal: AbortSignal | undefined) => Promise<void>,
): (options: SessionOptions) => Promise<Session> {
  return async ({ trace }) => ({
    async find(input, options) {
      const sink = trace?.(server);
      if (sink) await find(sink, options?.signal);
      return answerByName(String(input));
    },
    provider: () => Promise.reject(new Error('not asked')),
    examine: () => Promise.reject(new Error('not asked')),
    close: async () => {},
  });
}

describe('--verbose on a terminal', () => {
  const env = { LANG: 'C.UTF-8', TERM: 'xterm' };

  it('does not tear the progress line, nor is torn by it', async () => {
    const stderr = new Sink(true);
    const createSession = sessionThat(async (sink) => {
      await expect.poll(() => stderr.text).toContain('answered');
      sink.add('sent', ['EHLO me']);
      sink.add('received', ['250-you', '250 HELP']);
      sink.end();
    });
    await runFake(['-v', 'a@example.com'], { stderr, env, createSession });
    expect(stderr.text).toMatch(/<clearLine>(?:\S*)> EHLO me\n< 250-you\n< 250 HELP\n\n/);
  });

  it('shows what there was when the user interrupts', async () => {
    const stderr = new Sink();
    const interrupt = new AbortController();
    const createSession = sessionThat(async (sink, signal) => {
      sink.add('sent', ['EHLO me']);
      interrupt.abort(new Error('interrupted'));
      signal?.throwIfAborted();
    });
    const { code } = await runFake(['-v', 'a@example.com'], {
      stderr,
      env,
      createSession,
      signal: interrupt.signal,
    });
    expect([code, stderr.text]).toEqual([130, '> EHLO me\n\n']);
  });
});

describe('transcripts', () => {
  it('come whole, in the order in which they end', async () => {
    let text = '';
    const transcripts = createTranscripts((more) => {
      text += more;
    });
    const [one, two] = [transcripts.trace(server), transcripts.trace(server)];
    one.add('fact', ['one']);
    two.add('sent', ['EHLO two']);
    one.add('received', ['250-a', '250 b']);
    two.end();
    expect(text).toBe('> EHLO two\n\n');
    one.end();
    expect(text).toBe('> EHLO two\n\n* one\n< 250-a\n< 250 b\n\n');
    await transcripts.settled();
  });

  it('are written as far as they came when nothing is waited for any more', () => {
    let text = '';
    const transcripts = createTranscripts((more) => {
      text += more;
    });
    const open = transcripts.trace(server);
    open.add('sent', ['EHLO me']);
    transcripts.flush();
    open.end();
    expect(text).toBe('> EHLO me\n\n');
  });
});
