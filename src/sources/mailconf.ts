/** The source that follows TXT records to a clientConfig document: `mailconf=<URL>`. */
import { inRegistrableDomain } from '../model/public-suffix.ts';
import { type Answer, partTimedOut } from './answer.ts';
import { fetchClientConfig, type WithoutAddress } from './documents/client-config.ts';
import { noRecord, type Records, readRecords } from './documents/dns-records.ts';
import { parseWebUrl } from './documents/field-parsers.ts';
import { standInFor } from './documents/stand-in.ts';
import { type LookupContext, type Source, withinShare } from './source.ts';

export const mailconf: Source = {
  name: 'mailconf',
  over: 'http',
  lookups: ({ domain }) => [
    { from: `${domain} TXT mailconf`, find: (context) => find(domain, context) },
  ],
};

const MAX_URLS = 3;

async function find(domain: string, context: LookupContext): Promise<Answer> {
  const urls = await readUrls(domain, context);
  if (urls.outcome !== 'found') return urls;
  const answers = await Promise.all(
    urls.records.map(async (url) => {
      const answer = await withinShare(1, context, (part) =>
        fetchClientConfig(url, mayTell(url, context), part),
      );
      return { url, answer: answer ?? partTimedOut };
    }),
  );
  for (const [index, { url, answer }] of answers.entries()) {
    if (answer.outcome !== 'found') continue;
    const incomplete = answers
      .slice(0, index)
      .some(({ answer: before }) => before.outcome === 'failed' && before.temporary);
    return {
      ...answer,
      // Whoever can forge the record chooses the URL.
      channel: urls.authentic ? answer.channel : 'dns',
      from: `${domain} TXT mailconf=${url}`,
      ...(incomplete && { incomplete }),
    };
  }
  const told = answers.find(({ answer }) => answer.outcome === 'failed') ?? answers[0];
  if (!told) return { outcome: 'nothing', detail: 'no document' };
  return { ...told.answer, detail: `${told.url}: ${told.answer.detail}` };
}

function mayTell(url: string, { query }: LookupContext): WithoutAddress {
  const { hostname, search } = new URL(url);
  const mayKnow = search === '' && inRegistrableDomain(hostname, query.domain);
  return { standIn: mayKnow ? standInFor(query.domain) : null, hint: false };
}

/** HTTPS URLs, each once, in an order that does not depend on that of the records. */
function readUrls(domain: string, context: LookupContext): Promise<Records<string>> {
  return readRecords(domain, 'TXT', context, (records) => {
    const values = records.flatMap((record) => {
      const value = /^\s*mailconf\s*=\s*(\S+)\s*$/i.exec(record)?.[1];
      return value === undefined ? [] : [value];
    });
    if (values.length === 0) return noRecord('no mailconf record');
    const urls = values.flatMap((value) => parseWebUrl(value, ['https:']) ?? []);
    if (urls.length === 0) return noRecord('no mailconf record with an HTTPS URL');
    return [...new Set(urls)].sort().slice(0, MAX_URLS);
  });
}
