import { describe, expect, test } from 'vitest';
import { ranks } from '../../src/sources/order.ts';
import type { Source } from '../../src/sources/source.ts';
import { askSource, mxRecord, type Page, paperNetwork, srvRecord } from './paper-network.ts';

const sources = new Map<string, Source>(
  ranks.flatMap((rank) => rank.sources.map((source) => [source.name, source] as const)),
);
const online = [...sources].filter(([, source]) => source.over !== 'bundle');

describe.each(online)('%s', (_, source) => {
  test('without a network fails for now, and says that nothing was reached', async () => {
    const answers = await askSource(source, paperNetwork({ cut: true }));
    expect(answers.size).toBeGreaterThan(0);
    for (const answer of answers.values()) {
      expect(answer).toMatchObject({ outcome: 'failed', temporary: true, reached: false });
    }
  });

  test('finds nothing where nobody publishes anything, and says so in one line', async () => {
    for (const answer of (await askSource(source, paperNetwork())).values()) {
      expect(answer.outcome).toBe('nothing');
      expect(answer.detail).toMatch(/^\S[^\n]*$/);
    }
  });

  test('throws the signal’s reason and nothing else', async () => {
    const reason = new Error('enough');
    const asking = { signal: AbortSignal.abort(reason) };
    await expect(askSource(source, paperNetwork(), asking)).rejects.toBe(reason);
  });

  test('survives an internet that answers everything with rubbish', async () => {
    const rubbish = '\u001b[31m\u202e<<>>&\u0000{"a":';
    const everything = new Proxy(
      {},
      {
        get: (_target, name) => {
          const [, type] = String(name).split(' ');
          if (type === 'MX') return [mxRecord(`0 ${rubbish.replace(/ /g, '')}`)];
          if (type === 'SRV') return [srvRecord('70000 -1 99999 \u001b[31m')];
          if (type === 'CNAME') return [rubbish];
          if (type === 'TXT') return [rubbish, `mailconf=${rubbish}`, 'v=UAAC1; a=; d=%%'];
          return rubbish as Page;
        },
        getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true }),
      },
    );
    const network = paperNetwork({ zone: everything, documents: everything });
    for (const answer of (await askSource(source, network)).values()) {
      expect(answer.outcome).not.toBe('found');
      expect(answer.detail).not.toMatch(/[\u0000-\u001f\u202e]/);
    }
  });
});
