// Whether whoever wrote a change gains by it: said before everything else, since nobody grants themselves access here.
import type { Flow } from '../../domain/flow.ts';
import { group, type PersonId } from '../../domain/names.ts';
import type { Desk } from '../desk.ts';
import {
  filePlace,
  flowPlace,
  peopleFile,
  settingsFile,
  type Change,
  type Effect,
  type Place,
} from './change.ts';
import { groups } from './change-words.ts';
import { isSame } from './compare-parts.ts';
import { accountsOf } from './compare-people.ts';
import {
  gained,
  mayApprove,
  mayAsk,
  memberOf,
  usable,
  type Membership,
  type MembersView,
} from './membership.ts';
import type { FlowPair } from './pair-flows.ts';

export interface FlowChanges extends FlowPair {
  readonly changes: readonly Change[];
}

export interface AuthoredChange {
  readonly before: Desk;
  readonly after: Desk;
  readonly author: PersonId;
  readonly flows: readonly FlowChanges[];
  /** What changes for the desk as a whole. */
  readonly desk: readonly Change[];
  readonly belongs: MembersView['belongs'];
}

export function authorChanges(authored: AuthoredChange): readonly Change[] {
  return [
    ...adminGain(authored),
    ...accountGain(authored),
    ...managerGain(authored),
    ...authored.flows.flatMap((pair) => flowGain(pair, authored)),
  ];
}

const widens = 'The author of this pull request widens their own access';
const mayWiden = 'The author of this pull request may widen their own access';

function tell(how: 'yes' | 'perhaps', place: Place, what: string, hangsOn: Membership = 'yes'): Change {
  const if_ =
    typeof hangsOn === 'object'
      ? ` It is not known here whether they belong to ${groups(hangsOn.perhaps, 'or')}.`
      : '';
  return how === 'yes'
    ? place.change('author-widens', 'easier', `${widens}: ${what}.`, 'loud')
    : place.change('author-may-widen', 'easier', `${mayWiden}: ${what}.${if_}`, 'loud');
}

function views({ before, after, belongs }: AuthoredChange): {
  readonly was: MembersView;
  readonly is: MembersView;
} {
  return { was: { desk: before, belongs }, is: { desk: after, belongs } };
}

function adminGain(authored: AuthoredChange): readonly Change[] {
  const { was, is } = views(authored);
  const admins = [group('role:admin')];
  const now = memberOf(is, authored.author, admins);
  const how = gained(memberOf(was, authored.author, admins), now);
  return how
    ? [tell(how, filePlace(settingsFile), `${authored.author} becomes an admin of this desk`, now)]
    : [];
}

/** By another account they are asked, granted and counted as well; as another person, as that one. */
function accountGain({ before, after, author }: AuthoredChange): readonly Change[] {
  const place = filePlace(peopleFile);
  const [was, is] = [before.people?.persons.get(author), after.people?.persons.get(author)];
  const had = was ? accountsOf(was).map(({ key }) => key) : [];
  const got = (is ? accountsOf(is) : []).filter(({ key }) => !had.includes(key));
  const acting = [...(after.people?.persons.values() ?? [])].filter(
    (person) => person.id !== author && accountsOf(person).some(({ key }) => had.includes(key)),
  );
  const isNew = was === undefined && is !== undefined;
  return [
    ...(isNew ? [tell('yes', place, `${author} becomes a person of this desk, as a ${is.role}`)] : []),
    ...(isNew
      ? []
      : got.map(({ shown }) => tell('yes', place, `the account ${shown} would act as ${author}`))),
    ...acting.map(({ id }) => tell('yes', place, `by an account of ${author} they would act as ${id}`)),
    ...(was && is && was.role === 'guest' && is.role === 'member'
      ? [tell('yes', place, `${author} becomes a member`)]
      : []),
    ...(was?.email !== is?.email && is?.email !== undefined && !isNew
      ? [tell('perhaps', place, `what is granted to ${author} by e-mail address goes to another address`)]
      : []),
  ];
}

function managerGain({ before, after, author }: AuthoredChange): readonly Change[] {
  const place = filePlace(peopleFile);
  return [...(after.people?.persons.values() ?? [])].flatMap(({ id, manager }) => {
    const old = before.people?.persons.get(id)?.manager;
    if (manager === old) return [];
    if (manager === author) return [tell('yes', place, `${author} becomes the manager of ${id}`)];
    if (id !== author || old === undefined) return [];
    return [
      tell('perhaps', place, `${author} has ${manager ?? 'nobody'} as their manager instead of ${old}`),
    ];
  });
}

function flowGain(pair: FlowChanges, authored: AuthoredChange): readonly Change[] {
  const after = usable(pair.after);
  if (after === undefined) return [];
  const before = usable(pair.before);
  const asking = askingGain(pair.name, before, after, authored);
  const approving = approvingGain(pair.name, before, after, authored);
  const breaking = breakingGain(pair.name, before, after, authored);
  return [
    ...asking.changes,
    ...breaking,
    ...approving,
    ...(asking.isAll ? [] : ownRequests(pair, after, authored)),
  ];
}

interface AskingGain {
  readonly changes: readonly Change[];
  /** There is nothing of the flow that they might have asked for before. */
  readonly isAll: boolean;
}

function askingGain(
  name: string,
  before: Flow | undefined,
  after: Flow,
  authored: AuthoredChange,
): AskingGain {
  const { was, is } = views(authored);
  const { author } = authored;
  const gains = (after.access?.targets ?? [undefined]).map((target) => {
    const old = before?.access?.targets.find((each) => each.name === target?.name);
    const had = before && (target === undefined || old) ? mayAsk(was, author, before, old) : 'no';
    const now = mayAsk(is, author, after, target);
    return { target, now, how: gained(had, now) };
  });
  const some = gains.filter(({ how }) => how !== undefined);
  const surest = some.find(({ how }) => how === 'yes') ?? some[0];
  if (surest !== undefined && some.length === gains.length)
    return {
      isAll: true,
      changes: [
        tell(surest.how ?? 'perhaps', flowPlace(name), `${author} may newly ask for ${name}`, surest.now),
      ],
    };
  return {
    isAll: false,
    changes: some.map(({ target, how, now }) =>
      tell(
        how ?? 'perhaps',
        flowPlace(name),
        `${author} may newly ask for the target ${target?.name ?? ''} of ${name}`,
        now,
      ),
    ),
  };
}

function breakingGain(
  name: string,
  before: Flow | undefined,
  after: Flow,
  authored: AuthoredChange,
): readonly Change[] {
  const { was, is } = views(authored);
  const { author } = authored;
  const now = memberOf(is, author, after.breakGlass?.who ?? []);
  const how = gained(memberOf(was, author, before?.breakGlass?.who ?? []), now);
  return how ? [tell(how, flowPlace(name), `${author} may newly have ${name} without approval`, now)] : [];
}

function approvingGain(
  name: string,
  before: Flow | undefined,
  after: Flow,
  authored: AuthoredChange,
): readonly Change[] {
  const { was, is } = views(authored);
  const { author } = authored;
  return after.approval.steps.flatMap((step) => {
    const old = before?.approval.steps.find((each) => each.name === step.name);
    const now = mayApprove(is, author, step);
    const how = gained(mayApprove(was, author, old), now);
    return how
      ? [tell(how, flowPlace(name), `${author} may newly approve the step ${step.name} of ${name}`, now)]
      : [];
  });
}

/** Words for people, and what is said of the author by name. Anything else that is not clearly harder may be what they want. */
const notTheirs: ReadonlySet<Change['kind']> = new Set([
  'text',
  'order',
  'default-duration',
  'lapse',
  'environment',
  'routes',
  'warning',
  'field-added',
  'field-removed',
  'flow-renamed',
  'requesters',
  'target-requesters',
  'target-added',
]);

/** Flows that they may ask for already, and that ask less of them by now. */
function ownRequests(
  { name, changes, before }: FlowChanges,
  after: Flow,
  authored: AuthoredChange,
): readonly Change[] {
  const asks = mayAskSome(authored, after);
  if (asks === 'no' || usable(before) === undefined) return [];
  const saying = (effect: Effect): readonly string[] =>
    changes
      .filter((change) => change.effect === effect && !notTheirs.has(change.kind))
      .map(({ sentence }) => sentence.replace(/\.$/, ''));
  const easier = saying('easier');
  const [first, ...more] =
    easier.length > 0 ? easier : [...saying('other'), ...ledElsewhere(after, authored)];
  if (first === undefined) return [];
  const isSure = easier.length > 0 && asks === 'yes';
  const rest = more.length > 0 ? `, and ${more.length} more` : '';
  const what = `what ${authored.author} may ask for in ${name} ${isSure ? 'gets easier' : 'changes'} (${first}${rest})`;
  return [tell(isSure ? 'yes' : 'perhaps', flowPlace(name), what, asks)];
}

/** The flow stays as it is, and what it grants through leads elsewhere. */
function ledElsewhere({ access }: Flow, { before, after }: AuthoredChange): readonly string[] {
  const name = access?.strategy.integration;
  if (name === undefined) return [];
  const [was, is] = [before.settings?.integrations.get(name), after.settings?.integrations.get(name)];
  return isSame(was, is) ? [] : [`the integration ${name} leads elsewhere or acts otherwise`];
}

function mayAskSome(authored: AuthoredChange, flow: Flow): Membership {
  const { is } = views(authored);
  const targets = flow.access?.targets ?? [];
  const answers =
    targets.length === 0
      ? [mayAsk(is, authored.author, flow)]
      : targets.map((each) => mayAsk(is, authored.author, flow, each));
  return answers.find((answer) => answer === 'yes') ?? answers.find((answer) => answer !== 'no') ?? 'no';
}
