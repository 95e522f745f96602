import { describe, expect, it } from 'vitest';
import { displayWidth, hanging, truncate } from '../../../src/render/text/layout.ts';

describe('the width of a text', () => {
  it.each([
    ['smtp.example.com', 16],
    ['bücher', 6],
    ['bu\u0308cher', 6],
    ['例子.中国', 9],
    ['한국', 4],
    ['🚀 Mail', 7],
    ['\u001b[1mbold\u001b[22m', 4],
  ])('of %s is %i columns', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  it('is kept to by what is cut', () => {
    expect(truncate('trying 例子.中国', 16, '…')).toBe('trying 例子.中国');
    expect(truncate('trying 例子.中国', 12, '…')).toBe('trying 例子…');
    expect(truncate('trying 例子.中国', 11, '…')).toBe('trying 例…');
    expect(truncate('trying smtp.example.com', 12, '...')).toBe('trying sm...');
  });
});

describe('a hanging paragraph', () => {
  const url = 'https://example.com/some/where';

  it('hangs below its beginning', () => {
    expect(hanging('Note  ', 'what is to be known of this', 26)).toEqual([
      'Note  what is to be known',
      '      of this',
    ]);
  });

  it('may hang elsewhere', () => {
    expect(hanging('', 'what is to be known of this', 20, undefined, 2)).toEqual([
      'what is to be known',
      '  of this',
    ]);
  });

  it('moves a long word to the left, where it stays whole', () => {
    expect(hanging('Server          ', url, 40)).toEqual(['Server', `  ${url}`]);
    expect(hanging('Server          ', url, 30)).toEqual(['Server', url]);
    expect(hanging('Server          ', url, 50)).toEqual([`Server          ${url}`]);
    expect(hanging('      ', `see ${url} for more`, 32)).toEqual([
      '      see',
      `  ${url}`,
      '      for more',
    ]);
  });

  it('leaves no sign without its words', () => {
    expect(hanging('! ', url, 20)).toEqual([`! ${url}`]);
  });
});
