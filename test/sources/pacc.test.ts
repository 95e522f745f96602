import { expect, test } from 'vitest';
import { paccUrl } from '../../src/sources/documents/pacc.ts';
import { pacc } from '../../src/sources/pacc.ts';
import {
  askSource,
  dnsFailure,
  type Page,
  paperNetwork,
  proposed,
  warningCodes,
} from './paper-network.ts';

const URL = paccUrl('example.com');
const GOOD =
  '{"protocols":{"submit":{"host":"smtp.example.com"}},"info":{"provider":{"name":"Ex"}}}';

async function ask(page: Page | undefined, txt?: object) {
  const documents = page === undefined ? {} : { [URL]: page };
  const zone = txt ? { '_ua-auto-config.example.com TXT': txt } : {};
  const network = paperNetwork({ documents, zone });
  const answers = await askSource(pacc, network);
  return { answers, answer: answers.get(URL), asked: network.asked };
}

test('a document is a secure statement', async () => {
  const { answers, answer, asked } = await ask(GOOD);
  expect(proposed(answers)).toEqual(['smtp.example.com:465/tls']);
  expect(answer).toMatchObject({ channel: 'https', provider: { id: null, name: 'Ex' } });
  expect(answer).not.toHaveProperty('incomplete');
  expect(asked).toEqual([URL, '_ua-auto-config.example.com TXT']);
});

test('one that the DNS does not vouch for is refused, and the user hears of it', async () => {
  const { answers, answer } = await ask(GOOD, ['v=UAAC1; a=sha256; d=AAAA']);
  expect(answer).toMatchObject({ outcome: 'failed', temporary: false, reached: true });
  expect(warningCodes(answers)).toEqual(['source-malformed']);
});

test('one whose digest cannot be looked up counts, for now', async () => {
  expect((await ask(GOOD, dnsFailure)).answer).toMatchObject({
    outcome: 'found',
    incomplete: true,
  });
});

test('none is nothing', async () => {
  expect((await ask(undefined)).answer).toEqual({ outcome: 'nothing', detail: 'HTTP 404' });
});
