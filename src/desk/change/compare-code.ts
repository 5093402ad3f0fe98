// The code of a flow, before and after a change: which hooks have a say, and where it may call. What the code says is not compared.
import { list } from '../../domain/words.ts';
import type { CodeOffer } from '../../domain/hooks.ts';
import { isBroken, type Desk } from '../desk.ts';
import type { Change, Place } from './change.ts';
import { names } from './change-words.ts';

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
    ...newReach(before, after).map((what) => `The code of ${place.of} may newly ${what}.`),
  ];
  const others =
    before && said.length === 0 ? [`The code of ${place.of} is told or allowed something else.`] : [];
  return [...said, ...others].map((sentence) => place.change('code', 'other', sentence, 'loud'));
}

/** What it may do besides calling hosts; each completes “may newly …”. */
function newReach(before: CodeOffer | undefined, after: CodeOffer): readonly string[] {
  const fresh = (of: (offer: CodeOffer) => readonly string[] | undefined): string | undefined => {
    const was = before && of(before);
    const items = (of(after) ?? []).filter((each) => !was?.includes(each));
    return items.length === 0 ? undefined : list(items, 'and');
  };
  const through = fresh(({ integrations }) => integrations?.map(({ key }) => key));
  const writing = fresh(({ integrations }) =>
    integrations?.filter(({ write }) => write).map(({ key }) => key),
  );
  const lambdas = fresh((offer) => offer.lambdas);
  const slack = fresh((offer) => offer.slack);
  const github = fresh((offer) => offer.github);
  return [
    ...(through === undefined ? [] : [`call through ${through}`]),
    ...(writing === undefined ? [] : [`change something through ${writing}`]),
    ...(lambdas === undefined ? [] : [`invoke ${lambdas}`]),
    ...(slack === undefined ? [] : [`send messages to ${slack}`]),
    ...(github === undefined ? [] : [`read ${github} on GitHub`]),
  ];
}

function ranBy(code: CodeOffer | undefined): readonly string[] {
  return [...(code?.hooks ?? []), ...(code?.answers ?? [])];
}

/** What the code does is not looked into: that it changes is said, loudly, since it has a say in who gets what. */
export function compareCodeFiles(before: Desk, after: Desk, place: Place): readonly Change[] {
  const [wasCode, isCode] = [before.code ?? {}, after.code ?? {}];
  const paths = [...new Set([...Object.keys(wasCode), ...Object.keys(isCode)])].sort();
  return paths.flatMap((path) => {
    const [was, is] = [wasCode[path], isCode[path]];
    if (was === is) return [];
    const what = was === undefined ? 'is new' : is === undefined ? 'is removed' : 'changes';
    return [
      place.change('code', 'other', `The code in ${path} ${what}.`, 'loud'),
      ...strategyChanges(path, after, place),
    ];
  });
}

/** A file that a strategy begins with; what it imports is told as code alone. */
function strategyChanges(path: string, { flows }: Desk, place: Place): readonly Change[] {
  const granted = [...flows].flatMap(([name, flow]) =>
    !isBroken(flow) && flow.access?.strategy.code?.file === path ? [name] : [],
  );
  if (granted.length === 0) return [];
  const sentence = `It is the strategy of ${names(granted)}: what is asked for from now on is granted and taken back by it. What was granted before is taken back by what it was then, and by this only where that fails.`;
  return [place.change('strategy', 'other', `${path}: ${sentence}`, 'loud')];
}
