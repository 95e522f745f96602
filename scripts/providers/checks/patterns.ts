/** What is known of a customer's domain by its records: exchangers, discovery hosts, SPF, DKIM. */
import { getDomain } from 'tldts';
import { matchFiled } from '../../../src/providers/mx-patterns.ts';
import { filePatterns } from '../file-patterns.mjs';
import type { ProviderFile } from '../format.ts';
import { type Check, type Checks, inFile, ofEach, ofShared, when } from './check.ts';

/** Records of two services: GoDaddy sells Microsoft 365, too, and has one published for both. */
export const RECORDS_OF_TWO_SERVICES: readonly string[] = ['secureserver.net'];

/** Each selector costs a look-up behind a filter one question. */
const SELECTORS = 12;

const exchangers = ({ mx }: ProviderFile) => mx.map(({ pattern }) => pattern);
const discoveryHosts = ({ discovery = [] }: ProviderFile) => discovery;
const records = ({ discovery = [], spf = [], dkim = [] }: ProviderFile) => [
  ...discovery,
  ...spf,
  ...dkim.map(({ selector, target }) => `${selector} ${target}`),
];

export const patternChecks: Checks = {
  'an MX pattern stands in one file': ofShared(
    exchangers,
    (pattern, other) =>
      `mx: ${pattern} also stands in ${other}, and an exchanger belongs to one provider: remove it from one of them, or make one say more`,
  ),

  'no MX pattern is shadowed by another': notShadowed('mx', exchangers),

  'an MX pattern names a registrable domain, at least in part': ofEach((p) =>
    exchangers(p)
      .filter((pattern) => {
        const domain = getDomain(pattern.replace(/^\*\./, '').replaceAll('*', '0'));
        return domain === null || /^0+\./.test(domain);
      })
      .map(
        (pattern) =>
          `mx: ${pattern} would match exchangers of strangers: write out the domain that the provider has registered`,
      ),
  ),

  'MX patterns prove mailboxes only of who has some': ofEach(({ kind, mx }) =>
    mx
      .filter(({ proves }) => kind !== 'mailbox' && proves === 'mailbox')
      .map(
        ({ pattern }) =>
          `mx: ${pattern} proves mailbox, but kind is ${kind}: make proves gateway or rented, or kind mailbox`,
      ),
  ),

  'no discovery host is shadowed by another': notShadowed('discovery', discoveryHosts),

  'discovery, spf and dkim are of providers with mailboxes and servers': ofEach((p) =>
    when(
      records(p).length > 0 && (p.kind !== 'mailbox' || p.servers.length === 0),
      'discovery, spf, dkim: they lead to the servers of a mailbox provider, and this is none or has no servers: remove them',
    ),
  ),

  'a record stands once in a file': ofEach((p) =>
    records(p)
      .filter((record, i, all) => all.indexOf(record) < i)
      .map((record) => `discovery, spf, dkim: ${record} stands twice: remove one`),
  ),

  'a record is that of one service': (providers) => {
    const owners = new Map<string, ProviderFile>();
    return ofEach((p) =>
      records(p).flatMap((record) => {
        const owner = owners.get(record) ?? p;
        owners.set(record, owner);
        return when(
          serviceOf(owner) !== serviceOf(p) && !RECORDS_OF_TWO_SERVICES.includes(record),
          `discovery, spf, dkim: ${record} also stands in ${owner.id}.json, which is no region of the same service (the first word of name differs): remove it from one of them`,
        );
      }),
    )(providers);
  },

  'DKIM selectors cost few questions': (providers) => {
    const selectors = new Set<string>();
    return ofEach(({ dkim = [] }) =>
      dkim.flatMap(({ selector }) => {
        const isNew = !selectors.has(selector);
        return when(
          isNew && selectors.add(selector).size > SELECTORS,
          `dkim: with ${selector} there are more than ${SELECTORS} selectors, of which each costs a look-up a question: leave out the one that tells least`,
        );
      }),
    )(providers);
  },
};

/** Regions and products of one service share a name. */
function serviceOf({ name }: ProviderFile): string {
  return name.split(' ')[0] ?? '';
}

function notShadowed(field: string, patternsOf: (p: ProviderFile) => readonly string[]): Check {
  return (providers) => {
    const rows = providers.flatMap((p) =>
      patternsOf(p).map((pattern) => ({ pattern, mark: `${p.id}.json` })),
    );
    const filed = filePatterns(rows);
    return rows.flatMap(({ pattern, mark }) => {
      const host = pattern.replace(/^\*\./, 'sample.').replaceAll('*', '7');
      const found = matchFiled(filed, host);
      if (found === null || found.pattern === pattern) return [];
      return inFile(
        mark,
        `${field}: ${pattern} never decides, since ${found.pattern} of ${found.mark} says more about the same names: remove one, or make it say something else`,
      );
    });
  };
}
