/** The names that a host is a CNAME to, next first. */
import { normaliseHost } from '../../model/domain.ts';
import type { LookupContext } from '../source.ts';
import { noRecord, type Records, readRecords } from './dns-records.ts';

const MAX_ALIASES = 4;

/** @throws the signal's reason */
export async function readAliases(host: string, context: LookupContext): Promise<Records<string>> {
  const names: string[] = [];
  let authentic = true;
  for (let name = host; names.length < MAX_ALIASES; ) {
    const answer = await readRecords(name, 'CNAME', context, ([target = '']) => {
      const next = normaliseHost(target);
      return next === null || next === host || names.includes(next) ? [] : [next];
    });
    if (answer.outcome === 'failed') return answer;
    const [target] = answer.outcome === 'found' ? answer.records : [];
    if (answer.outcome !== 'found' || target === undefined) break;
    authentic &&= answer.authentic;
    names.push(target);
    name = target;
  }
  return names.length > 0 ? { outcome: 'found', records: names, authentic } : noRecord('no alias');
}
