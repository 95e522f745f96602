/** What somebody who reads along may see, whatever goes over the line. */
import { describe, expect, it } from 'vitest';
import { Confidential } from '../../src/login/redaction.ts';
import { Trace, type TraceListener, withoutSecrets } from '../../src/smtp/trace.ts';

const server = { host: 'smtp.example.com', port: 465, encryption: 'tls' } as const;

function collect(lines: string[]): TraceListener {
  return () => ({
    add(kind, texts) {
      for (const text of texts) lines.push(`${kind}: ${text}`);
    },
    end() {
      lines.push('end');
    },
  });
}

function traced(listener?: (lines: TraceListener) => TraceListener): {
  trace: Trace;
  lines: string[];
} {
  const lines: string[] = [];
  const collector = collect(lines);
  return { trace: new Trace(() => (listener ? listener(collector) : collector)(server)), lines };
}

describe('a trace', () => {
  it('names the mechanism of AUTH, and nothing that follows it', () => {
    const { trace, lines } = traced();
    trace.sent('AUTH PLAIN AHlvdQBzZWNyZXQ=');
    trace.received(['235 2.7.0 ok']);
    trace.sent('MAIL FROM:<you@example.com>');
    expect(lines).toEqual([
      'sent: AUTH PLAIN ********',
      'received: 235 2.7.0 ok',
      'sent: MAIL FROM:<you@example.com>',
    ]);
  });

  it('hides challenges and what answers them, up to the last word', () => {
    const { trace, lines } = traced();
    trace.sent('AUTH LOGIN');
    trace.received(['334 VXNlcm5hbWU6']);
    trace.sent('eW91');
    trace.received(['334 UGFzc3dvcmQ6']);
    trace.sent('*');
    trace.received(['501-5.5.2 cancelled', '501 5.5.2 really']);
    trace.sent('QUIT');
    expect(lines).toEqual([
      'sent: AUTH LOGIN',
      'received: 334 ********',
      'sent: ********',
      'received: 334 ********',
      'sent: *',
      'received: 501-5.5.2 cancelled',
      'received: 501 5.5.2 really',
      'sent: QUIT',
    ]);
  });

  it('hides a reply that repeats the secret, also one that spreads it over its lines', () => {
    const hidden = new Confidential('sesame');
    const isSecret = (texts: readonly string[]): boolean => hidden.isIn(...texts);
    const { trace, lines } = traced((listener) => withoutSecrets(listener, isSecret));
    trace.received(['535-you said ses', '535 ame']);
    trace.received(['535 no']);
    trace.failed(new Error('not an SMTP reply: "sesame"'));
    expect(lines).toEqual([
      'received: 535-********',
      'received: 535 ********',
      'received: 535 no',
      'fact: ********',
    ]);
  });

  it('is safe to show, line by line, and ends once', () => {
    const { trace, lines } = traced();
    trace.received(['220 \u001b[31mred\u202e\r']);
    trace.received([`250 ${'a'.repeat(5000)}`]);
    trace.end();
    trace.end();
    trace.sent('too late');
    expect(lines[0]).toBe('received: 220 red');
    expect(lines[1]?.length).toBeLessThan(1100);
    expect(lines.slice(2)).toEqual(['end']);
  });
});
