/** What `npm run data:check` says to a stranger: the file, the field, the remedy. */
import { describe, expect, it } from 'vitest';
import { findings } from '../../scripts/providers/checks/index.ts';
import { formatProvider, type ProviderFile } from '../../scripts/providers/format.ts';
import { type OurText, readOurTexts } from '../../scripts/providers/ours.ts';
import { blocksOf } from '../docs/blocks.ts';

const shown = blocksOf('docs/providers-how-to.md').filter(({ language }) => language === 'json');
const [row = '', file = '', doubts = ''] = shown.map(({ text }) => text);
const example = JSON.parse(file) as ProviderFile;
const [server] = example.servers;
if (server === undefined) throw new Error('the example has no server');

// Whoever tries the page's example out has it among them.
const ours = readOurTexts().filter(({ file: name }) => name !== `${example.id}.json`);
const surroundings = {
  leftOut: { closed: { why: 'Closed.', domains: ['closed.example'] } },
  month: '2026-11',
};

const textOf = (provider: ProviderFile): OurText => ({
  file: `${provider.id}.json`,
  text: formatProvider(provider),
});

/** What there is to mend with these files beside ours. */
const found = (...texts: OurText[]): string[] => findings([...ours, ...texts], surroundings);

describe('the page that tells how to mend an entry', () => {
  it('has an example to begin with, which leaves nothing to mend', () => {
    expect(found(textOf(example))).toEqual([]);
  });

  it('has rows of facts and doubts that can be added to it', () => {
    const servers = [{ ...server, host: 'smtp.example.com' }];
    const facts = [
      ...example.facts.map((fact) => ({ ...fact, of: fact.of.filter((o) => o !== 'servers') })),
      JSON.parse(row) as ProviderFile['facts'][number],
    ];
    const more = JSON.parse(`{${doubts}}`) as Pick<ProviderFile, 'doubts'>;
    expect(found(textOf({ ...example, servers, facts, ...more }))).toEqual([]);
  });
});

describe('a mistake in the shape is told', () => {
  it.each<[mistake: string, from: string, to: string, words: string[]]>([
    ['a comma is missing', '"id"', '"name": 1 "id"', ['line 3']],
    ['a field is missing', '"notes": [],', '', ['notes', 'add']],
    ['a field of a part is missing', '"auth": ["PLAIN", "LOGIN"],', '', ['/servers/0', 'auth']],
    ['a field is misspelt', '"kind"', '"alias": [], "kind"', ['"alias"', 'aliases', 'remove']],
    ['a port is a text', '465', '"465"', ['/servers/0/port', '"465"', 'integer']],
    ['a word is unknown', '"tls"', '"ssl"', ['/servers/0/encryption', '"ssl"', 'starttls']],
    ['a domain has capitals', '["harbour', '["Harbour', ['/domains/0', 'lower case']],
    ['a month is a day', '"2026-10"', '"2026-10-05"', ['/facts/0/confirmed', '2026-11']],
    ['a page is missing', '"from": "experience", ', '', ['/facts/1', 'experience']],
    ['a list is empty', '"notes"', '"doubts": [], "notes"', ['/doubts', 'remove']],
    ['a note needs more', '[],', '[{"code":"closing","message":"A."}],', ['/notes/0', 'date']],
    ['the id is another', '"harbour-mail",', '"harbour",', ['id', 'harbour.json', 'rename']],
  ])('%s', (_, from, to, words) => {
    const lines = found({ file: 'harbour-mail.json', text: file.replace(from, to) });
    expect(lines).toHaveLength(1);
    for (const word of ['data/providers/harbour-mail.json: ', ...words]) {
      expect(lines[0]).toContain(word);
    }
  });
});

describe('a mistake in what is said is told', () => {
  const [stated, lookedUp] = example.facts;
  if (stated === undefined || lookedUp === undefined) throw new Error('the example has no facts');
  const about = (...of: string[]) => [{ ...stated, of }, lookedUp];
  const note = (code: string) => [{ code, message: 'A sentence.' }];

  it.each<[mistake: string, change: Partial<ProviderFile>, words: string[]]>([
    ['a domain of another', { domains: ['gmail.com'] }, ['domains: gmail.com', 'gmail.json']],
    ['a domain that was left out', { domains: ['closed.example'] }, ['closed', 'left-out.json']],
    ['a public suffix', { domains: ['co.uk'] }, ['domains: co.uk', 'public suffix']],
    ['an alias of another', { aliases: ['posteo'] }, ['aliases: posteo', 'posteo.json']],
    ['an unknown host of its domains', { hostedBy: ['nobody'] }, ['hostedBy', 'nobody.json']],
    [
      'an exchanger of another',
      { mx: [{ pattern: 'mx*.posteo.de', proves: 'mailbox' }] },
      ['mx: mx*.posteo.de', 'posteo.json'],
    ],
    [
      'a port for another encryption',
      { servers: [{ ...server, encryption: 'starttls' }] },
      ['servers: smtp.harbour-mail.example:465', 'odd'],
    ],
    [
      'STARTTLS before TLS',
      { servers: [{ ...server, port: 587, encryption: 'starttls' }, server] },
      ['servers: smtp.harbour-mail.example:587', 'move 465 up'],
    ],
    [
      'an unknown placeholder',
      { servers: [{ ...server, username: '%EMAIL%' }] },
      ['servers', '%EMAIL%', '%EMAILADDRESS%'],
    ],
    [
      'no word about plaintext',
      { servers: [{ ...server, port: 587, encryption: 'none' }] },
      ['notes', 'plaintext-only', 'add'],
    ],
    [
      'no servers and no word',
      { servers: [], facts: about('documentation', 'domains') },
      ['servers', 'no-submission'],
    ],
    [
      'a note that nobody states',
      { notes: note('paid-plan') },
      ['facts', 'notes', '"source": "own"', '"confirmed": "2026-11"'],
    ],
    [
      'a server that is gone',
      { facts: about('documentation', 'domains', 'servers', 'old.harbour-mail.example:465') },
      ['facts', 'old.harbour-mail.example:465', 'take it out'],
    ],
    [
      'a month to come',
      { facts: [{ ...stated, confirmed: '2027-01' }, lookedUp] },
      ['facts', '2027-01', '2026-11'],
    ],
  ])('%s', (_, change, words) => {
    const lines = found(textOf({ ...example, ...change }));
    expect(lines).toHaveLength(1);
    for (const word of ['data/providers/harbour-mail.json: ', ...words]) {
      expect(lines[0]).toContain(word);
    }
  });

  it('a spelling of its own, with the command that mends it', () => {
    const lines = found({ file: 'harbour-mail.json', text: JSON.stringify(example) });
    expect(lines).toEqual([
      expect.stringMatching(/^data\/providers\/harbour-mail\.json: .*npm run data:format$/),
    ]);
  });

  it('a provider that is gone, wherever it is named', () => {
    const left = ours.filter(({ file: name }) => name !== 'yahoo.json');
    const places = findings(left, surroundings).map((line) => line.split(': ')[0]);
    expect(places).toContain('scripts/providers/largest.ts');
    expect(places).toContain('src/providers/popular-domains.ts');
    expect(places).toContain('data/providers/att.json');
  });
});
