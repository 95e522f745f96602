import { expect, it } from 'vitest';
import { toALabels } from '../../src/model/domain.ts';
import { mixesScripts } from '../../src/model/homograph.ts';

it.each([
  ['smtp.example.com', false],
  ['почта.рф', false],
  ['smtp.почта.рф', false], // whole labels of another script are ordinary
  ['pаypal.com', true], // a Cyrillic а
  ['αpple.com', true],
  ['東京メール.jp', false],
  ['mail東京.jp', false],
  ['한국mail.kr', false],
])('%s mixes scripts within a label: %s', (name, expected) => {
  expect(mixesScripts(toALabels(name) ?? name)).toBe(expected);
});
