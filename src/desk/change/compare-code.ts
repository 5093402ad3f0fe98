// The code of a flow, before and after a change: which hooks have a say, and where it may call. What the code says is not compared.
import { list } from '../../domain/words.ts';
import type { CodeOffer } from '../../domain/hooks.ts';
import type { Desk } from '../desk.ts';
import type { Change, Place } from './change.ts';

export function compareCode(
  before: CodeOffer | undefined,
  after: CodeOffer | undefined,
  place: Place,
): readonly Change[] {
  if (after === undefined)
    return [place.change('code', 'other', `No code has a say in ${place.of} any more.`, 'loud')];
  const [had, has] = [ranBy(before), ranBy(after)];
  const hooks = has.filter((hook) => !had.includes(hook));
  const gone = had.filter((hook) => !has.includes(hook));
  const hosts = after.hosts.filter((host) => !before?.hosts.includes(host));
  const said = [
    ...(before && before.file !== after.file
      ? [`The code of ${place.of} is ${after.file} instead of ${before.file}.`]
      : []),
    ...(hooks.length > 0
      ? [`Code (${after.file}) newly has a say in ${place.of}: ${list(hooks, 'and')}.`]
      : []),
    ...(gone.length > 0 ? [`Code has no say in ${place.of} any more by ${list(gone, 'and')}.`] : []),
    ...(hosts.length > 0 ? [`The code of ${place.of} may newly call ${list(hosts, 'and')}.`] : []),
  ];
  const others =
    before && said.length === 0 ? [`The code of ${place.of} is told or allowed something else.`] : [];
  return [...said, ...others].map((sentence) => place.change('code', 'other', sentence, 'loud'));
}

function ranBy(code: CodeOffer | undefined): readonly string[] {
  return [...(code?.hooks ?? []), ...(code?.answers ?? [])];
}

/** What the code does is not looked into: that it changes is said, loudly, since it has a say in who gets what. */
export function compareCodeFiles(
  before: Desk['code'] = {},
  after: Desk['code'] = {},
  place: Place,
): readonly Change[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return paths.flatMap((path) => {
    const [was, is] = [before[path], after[path]];
    if (was === is) return [];
    const what = was === undefined ? 'is new' : is === undefined ? 'is removed' : 'changes';
    return [place.change('code', 'other', `The code in ${path} ${what}.`, 'loud')];
  });
}
