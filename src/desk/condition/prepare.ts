// What stands written out in a condition and is looked at once, when it is read: patterns, groups, spans of time, zones.
import type { ASTNode } from '@marcbachmann/cel-js';
import { hours, parseDuration } from '../../domain/duration.ts';
import { placeOf } from './bounds.ts';
import { isClockMethod } from './calls.ts';
import { historyKinds, type Readable } from './facts.ts';
import { childrenOf } from './tree.ts';
import type { Place, Report } from '../diagnostic.ts';
import { isGroup } from '../group-grammar.ts';
import { compileSearch, type LinearSearch } from '../pattern.ts';
import { createTimeZone, nearestTimeZone, type TimeZone } from './time-zones.ts';

/** How far back a requester's history is looked at. */
const longestHistory = hours(24 * 90);

export interface WrittenOut {
  readonly searches: ReadonlyMap<string, LinearSearch>;
  readonly zones: ReadonlyMap<string, TimeZone>;
}

/** Undefined where the report says why: nothing of this comes from what people type. */
export function prepareWrittenOut(
  root: ASTNode,
  { people, integrations }: Readable,
  place: Place,
  report: Report,
): WrittenOut | undefined {
  const searches = new Map<string, LinearSearch>();
  const zones = new Map<string, TimeZone>();
  return prepare(root) ? { searches, zones } : undefined;

  function prepare(node: ASTNode): boolean {
    if (!childrenOf(node).every(prepare)) return false;
    if (node.op !== 'rcall') return true;
    const [name, receiver, [argument]] = node.args;
    if (argument === undefined) return true;
    const isAsked = receiver.op === 'id' && receiver.args === 'requester';
    if (isAsked && name === 'belongs_to')
      return withText(argument, 'the group of belongs_to()', (text, there) =>
        isGroup(text, there, { people, integrations, report }),
      );
    if (isAsked && historyKinds.some((kind) => kind === name))
      return withText(argument, `the time of ${name}()`, prepareSpan);
    if (isClockMethod(name)) return withText(argument, `the time zone of ${name}()`, prepareZone);
    return name !== 'matches' || withText(argument, 'the pattern of matches()', prepareSearch);
  }

  function withText(argument: ASTNode, what: string, use: (text: string, there: Place) => boolean): boolean {
    const there = placeOf(argument, place);
    if (argument.op === 'value' && typeof argument.args === 'string')
      return use(argument.args, { ...there, offset: (there.offset ?? 0) + 1 });
    report.add(there, 'condition-type', `${what} must be written out, in quotes`);
    return false;
  }

  function prepareSearch(text: string, there: Place): boolean {
    const search = compileSearch(text, there, report);
    if (search) searches.set(text, search);
    return search !== undefined;
  }

  function prepareSpan(text: string, there: Place): boolean {
    const span = parseDuration(text);
    if (span !== undefined && span <= longestHistory) return true;
    if (span === undefined) report.add(there, 'bad-duration', text);
    else report.add({ ...there, suggestion: '90d' }, 'history-too-long');
    return false;
  }

  function prepareZone(text: string, there: Place): boolean {
    const zone = createTimeZone(text);
    if (zone) zones.set(text, zone);
    else report.add({ ...there, suggestion: nearestTimeZone(text) }, 'time-zone', text);
    return zone !== undefined;
  }
}
