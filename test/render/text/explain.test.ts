/** `--explain` on a terminal: what matters in full, the rest in a line a source. */
import { describe, expect, it } from 'vitest';
import { renderText, type TextOptions } from '../../../src/render/text/text.ts';
import type { Report, ReportedSource, SeenByProbe } from '../../../src/report/report.ts';
import { explained, NOW } from '../samples.ts';

const domain = 'a-rather-long-name.example';

function asked(
  source: ReportedSource['source'],
  outcome: ReportedSource['outcome'],
  from: string,
  detail: string,
  durationMs = 20,
): ReportedSource {
  return { source, subject: domain, outcome, durationMs, detail, from };
}

const nothing = (source: ReportedSource['source'], ...places: string[]): ReportedSource[] =>
  places.map((from, i) => asked(source, 'nothing', from, `place ${i}: no such host`, i));

/** A domain that publishes nothing, and has a server of the usual name. */
const ordinary: readonly ReportedSource[] = [
  asked('database', 'nothing', 'bundled database', 'not listed'),
  ...nothing('mx-provider', `${domain} MX`, `${domain} MX, CNAME`),
  ...nothing('srv', '_submissions._tcp', '_submission._tcp', '_smtps._tcp'),
  ...nothing('pacc', `https://ua-auto-config.${domain}/.well-known/user-agent-configuration.json`),
  ...nothing(
    'autoconfig',
    `https://autoconfig.${domain}/mail/config-v1.1.xml`,
    `https://${domain}/`,
  ),
  ...nothing('ispdb', `https://autoconfig.thunderbird.net/v1.1/${domain}`),
  ...nothing(
    'autodiscover',
    `https://autodiscover.${domain}/`,
    `https://${domain}/`,
    'SRV',
    'CNAME',
  ),
  ...nothing('mailconf', `${domain} TXT mailconf`),
  ...nothing('autoconfig-http', `http://autoconfig.${domain}/`, `http://${domain}/`),
  ...nothing('mail-records', `${domain} SPF and DKIM`),
  asked('guess', 'found', `smtp.${domain} A, AAAA`, `smtp.${domain}`),
  ...nothing('guess', `mail.${domain} A, AAAA`, `submission.${domain} A, AAAA`),
];

function explanation(
  sources: readonly ReportedSource[],
  options: Partial<TextOptions> = {},
): string {
  const probes = explained.probes.slice(0, 1);
  const report: Report = { ...explained, alternatives: [], sources, probes };
  const text = renderText(report, {
    width: 80,
    color: false,
    unicode: true,
    explain: true,
    quiet: true,
    now: NOW,
    ...options,
  });
  return text.slice(text.indexOf('Why this server'));
}

describe('--explain', () => {
  it('of an ordinary domain is one screen, with a line for each source that found nothing', () => {
    const lines = explanation(ordinary).trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(30);
    for (const source of new Set(ordinary.map((each) => each.source))) {
      const own = lines.filter((line) => line.includes(` ${source} `) && line.includes('nothing'));
      expect([source, own.length]).toEqual([source, 1]);
    }
    expect(lines.find((line) => line.includes(' srv '))).toMatch(/nothing +2 ms {2}3 places: /);
  });

  it('cuts no reason where it goes to a file, nor where there is no room beside it', () => {
    const reason = 'nowhere.invalid does not exist or has no addresses, whoever is asked about it';
    const sources = [asked('pacc', 'nothing', 'https://x.example/', reason)];
    const flat = (options: Partial<TextOptions>): string =>
      explanation(sources, options).replace(/\s+/g, ' ');
    expect(flat({ whole: true })).toContain(reason);
    expect(flat({ width: 40 })).toContain(reason);
    expect(flat({})).toContain('does not exist');
    expect(flat({})).not.toContain(reason);
  });

  it('folds what ranks below a verified answer, unless it failed', () => {
    const found = asked('autoconfig', 'found', 'https://autoconfig.example.com/', '1 server');
    const answered = ordinary.flatMap((each) => (each.source === 'autoconfig' ? [] : [each]));
    const at = answered.findIndex(({ source }) => source === 'ispdb');
    const failed = asked('mailconf', 'failed', 'x TXT', 'SERVFAIL');
    const sources = [
      ...answered.slice(0, at),
      { ...found, subject: 'example.com' },
      ...answered.slice(at),
      failed,
    ];
    const lines = explanation(sources).trimEnd().split('\n');
    expect(lines.filter((line) => line.includes('guess'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes(' srv '))).toHaveLength(1);
    expect(lines.join('\n')).toContain('SERVFAIL');
    expect(lines.length).toBeLessThanOrEqual(24);
  });

  it('tells no details of another server that is good as well', () => {
    const winner: SeenByProbe = explained.probes[0] ?? expect.fail('no sample');
    const other: SeenByProbe = { ...winner, host: 'b.example.com' };
    const report: Report = { ...explained, alternatives: [], probes: [winner, other] };
    const options = { width: 80, color: false, unicode: true, now: NOW, explain: true };
    const text = renderText(report, options);
    expect(text.match(/certificate for/g)).toHaveLength(1);
    expect(text).toContain('b.example.com:465');
    const bad: Report = {
      ...report,
      probes: [winner, { ...other, outcome: 'tls', reason: 'no TLS' }],
    };
    expect(renderText(bad, options)).toContain('no TLS');
  });

  it('tells what failed or found something in full, and keeps a long URL whole below it', () => {
    const url = `https://ua-auto-config.${domain}/.well-known/user-agent-configuration.json`;
    for (const width of [40, 80]) {
      for (const outcome of ['failed', 'found'] as const) {
        const text = explanation([asked('pacc', outcome, url, 'HTTP 500')], { width });
        expect(text).toContain(`\n      ${url}\n      HTTP 500\n`);
      }
    }
  });

  it('dims what found nothing or was not asked, and nothing else', () => {
    const sources = [
      asked('database', 'nothing', 'bundled database', 'not listed'),
      asked('srv', 'found', '_submissions._tcp', 'smtp.example.com:465'),
      asked('guess', 'cancelled', 'x', 'no longer needed'),
    ];
    const lines = explanation(sources, { color: true }).split('\n');
    const dimmed = lines.filter((line) => line.includes('\u001b[2m'));
    expect(dimmed).toHaveLength(2);
    expect(dimmed.join()).toMatch(/database.*guess/);
  });

  it('names the standard behind a warning, which the plain answer leaves out', () => {
    const warnings = [
      { code: 'null-mx', message: 'It receives no mail.', reference: 'RFC 7505' },
    ] as const;
    const options = { width: 80, color: false, unicode: true, now: NOW };
    const report: Report = { ...explained, warnings };
    expect(renderText(report, { ...options, explain: true })).toContain('no mail. (RFC 7505)');
    expect(renderText(report, options)).not.toContain('RFC');
  });
});
