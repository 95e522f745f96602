/** A TXT record that tells where the clientConfig document is. */
import { readMailconf } from '../published/mailconf.ts';
import { clientConfigAnswer } from './client-config-answer.ts';
import type { Answer, AskContext, Source } from './source.ts';

export const mailconf: Source = {
  name: 'mailconf',
  over: 'http',
  asks: ({ domain }) => [
    { from: `${domain} TXT mailconf`, find: (context) => find(domain, context) },
  ],
};

async function find(domain: string, context: AskContext): Promise<Answer> {
  const records = await readMailconf(domain, context.network, context.signal);
  if (records.kind === 'none') return { outcome: 'nothing', detail: records.detail };
  if (records.kind === 'failed') {
    const { detail, reached } = records;
    return { outcome: 'failed', detail, temporary: true, reached };
  }
  const answers = await Promise.all(
    records.urls.map((url) => clientConfigAnswer(url, false, context)),
  );
  const best = answers.findIndex(({ outcome }) => outcome === 'found');
  const worst = answers.findIndex(({ outcome }) => outcome === 'failed');
  const index = best !== -1 ? best : Math.max(worst, 0);
  const [answer, url] = [answers[index], records.urls[index]];
  if (!answer || url === undefined) return { outcome: 'nothing', detail: 'no document' };
  if (answer.outcome !== 'found') return { ...answer, detail: `${url}: ${answer.detail}` };
  // Whoever can forge the record chooses the URL.
  const channel = records.authentic ? answer.channel : 'dns';
  return { ...answer, channel, from: `${domain} TXT mailconf=${url}` };
}
