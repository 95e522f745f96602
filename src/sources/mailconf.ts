/** A TXT record that tells where the clientConfig document is. */

import { withinBudget } from '../net/time.ts';
import { clientConfigAnswer } from './client-config-answer.ts';
import { silent } from './document-answer.ts';
import { readMailconf } from './documents/mailconf.ts';
import type { Answer, LookupContext, Source } from './source.ts';

/** Milliseconds. Below what the source as a whole may take, so that one dead URL costs itself alone. */
const PATIENCE = 3700;

export const mailconf: Source = {
  name: 'mailconf',
  over: 'http',
  lookups: ({ domain }) => [
    { from: `${domain} TXT mailconf`, find: (context) => find(domain, context) },
  ],
};

async function find(domain: string, context: LookupContext): Promise<Answer> {
  const until = performance.now() + PATIENCE;
  const records = await readMailconf(domain, context.network, context.signal);
  if (records.kind === 'none') return { outcome: 'nothing', detail: records.detail, offWeb: true };
  if (records.kind === 'failed') {
    const { detail, reached } = records;
    return { outcome: 'failed', detail, temporary: true, reached, offWeb: true };
  }
  const answers = await Promise.all(
    records.urls.map(async (url): Promise<Answer> => {
      const answer = await withinBudget(until - performance.now(), context.signal, (signal) =>
        clientConfigAnswer(url, false, { ...context, signal }),
      );
      return answer ?? silent;
    }),
  );
  const best = answers.findIndex(({ outcome }) => outcome === 'found');
  const worst = answers.findIndex(({ outcome }) => outcome === 'failed');
  const index = best !== -1 ? best : Math.max(worst, 0);
  const [answer, url] = [answers[index], records.urls[index]];
  if (!answer || url === undefined) return { outcome: 'nothing', detail: 'no document' };
  if (answer.outcome !== 'found') return { ...answer, detail: `${url}: ${answer.detail}` };
  // Whoever can forge the record chooses the URL.
  const channel = records.authentic ? answer.channel : 'dns';
  const from = `${domain} TXT mailconf=${url}`;
  const passing = answers
    .slice(0, index)
    .some((other) => other.outcome === 'failed' && other.temporary);
  return { ...answer, channel, from, ...(passing ? { incomplete: true } : {}) };
}
