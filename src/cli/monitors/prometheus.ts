/**
 * Prometheus' text format, for the textfile collector of its node exporter. Labels name domains, never
 * addresses: what is measured is the domain's, and labels are kept for months and seen by many.
 */
import { printable } from '../../model/printable.ts';
import type { Report } from '../../report/report.ts';
import type { Monitored } from './monitored.ts';

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Metric {
  readonly name: string;
  readonly help: string;
  samples(items: readonly Monitored[]): readonly Sample[];
  /** Of samples with the same labels: addresses of one domain. */
  readonly keep: (...values: number[]) => number;
}

const STATUSES: readonly Report['status'][] = ['verified', 'unverified', 'not-found', 'error'];

const metrics: readonly Metric[] = [
  {
    name: 'smtp_find_up',
    help: 'Whether all is as asked: smtp-find would exit with 0.',
    samples: each(({ exitCode }) => truth(exitCode === 0)),
    keep: Math.min,
  },
  {
    name: 'smtp_find_verified',
    help: 'Whether the server was reached over TLS with a good certificate, and offers sign-in.',
    samples: each(({ status }) => truth(status === 'verified')),
    keep: Math.min,
  },
  {
    name: 'smtp_find_certificate_expiry_timestamp_seconds',
    help: "When the server's certificate ends.",
    samples: each(({ certificateEnds }) =>
      certificateEnds === null || Number.isNaN(certificateEnds) ? null : certificateEnds / 1000,
    ),
    keep: Math.min,
  },
  {
    name: 'smtp_find_duration_seconds',
    help: 'How long the answer took.',
    samples: each(({ durationMs }) => durationMs / 1000),
    keep: Math.max,
  },
  {
    name: 'smtp_find_check_ok',
    help: 'Whether a condition of --require or --expect holds.',
    samples: (items) =>
      items.flatMap((item) =>
        item.checks.map(({ condition, ok }) => ({
          labels: { ...labelsOf(item), condition: withoutName(condition) },
          value: truth(ok),
        })),
      ),
    keep: Math.min,
  },
  {
    name: 'smtp_find_queries',
    help: 'Queries of the last run, by what became of them.',
    samples: (items) =>
      STATUSES.map((status) => ({
        labels: { status },
        value: items.filter((item) => item.status === status).length,
      })),
    keep: Math.max,
  },
];

export function renderPrometheus(items: readonly Monitored[]): string {
  return metrics
    .flatMap(({ name, help, samples, keep }) => {
      const series = new Map<string, number>();
      for (const { labels, value } of samples(items)) {
        const key = labelText(labels);
        series.set(key, keep(value, series.get(key) ?? value));
      }
      if (series.size === 0) return [];
      return [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} gauge`,
        ...[...series].map(([labels, value]) => `${name}${labels} ${value}`),
      ];
    })
    .map((line) => `${line}\n`)
    .join('');
}

/** Bad input has no domain; it is only counted. */
function each(value: (item: Monitored) => number | null): Metric['samples'] {
  return (items) =>
    items.flatMap((item) => {
      const found = item.status === 'error' ? null : value(item);
      return found === null ? [] : [{ labels: labelsOf(item), value: found }];
    });
}

/** A provider that was named alone goes by that name. */
function labelsOf({ domain, query }: Monitored): { readonly domain: string } {
  return { domain: domain ?? query };
}

/** A user name may be an address. */
function withoutName(condition: string): string {
  return condition.replace(/^(username)=.*/is, '$1');
}

function labelText(labels: Sample['labels']): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return printable(value).replace(/[\\"]/g, '\\$&');
}

function truth(value: boolean): number {
  return value ? 1 : 0;
}
