// What rules may do, and must: each is asked again what it says, by its source and the world alone.
import type { EntryOf } from '../../src/domain/entries.ts';
import { broken } from '../simulation/broken.ts';
import { currentSteps, openAfter, openIn, rulesNow, truth, type Open } from './open-matter.ts';
import type { Step, WorldNow } from './told-history.ts';

export function judgeRulesOf(step: Step): void {
  const { added, world } = step;
  const opening = added.find(({ entry }) => entry.type === 'requested' || entry.type === 'extension-asked');
  const open = openAfter(step);
  if (opening && open) checkOpening(step, open);
  const before = step.before && openIn(step.before);
  if (opening === undefined && before) checkDoubts(step, before);
  for (const { entry } of added)
    if (entry.type === 'rule-applied' && entry.data.effect === 'deny') checkDeny(entry, open ?? before, step);
  if (opening && open && typeof world.flow !== 'string' && opening.entry.type === 'requested')
    checkSteps(open, world);
}

/** Exactly the steps that are asked of it. */
function checkSteps(open: Open, world: WorldNow): void {
  const asked = currentSteps(open, world).map(({ name }) => name);
  const pinned = open.pinned.map(({ name }) => name);
  if (asked.join() !== pinned.join()) broken(8, `It asks ${pinned.join()}, and the flow ${asked.join()}.`);
}

/** When it is asked, each rule has the effect that it must have, and no other. */
function checkOpening({ added, world }: Step, open: Open): void {
  const applied = added.flatMap(({ entry }) => (entry.type === 'rule-applied' ? [entry.data] : []));
  const answers = rulesNow(world).map((rule) => ({ rule, says: truth(rule.condition.source, open, world) }));
  const denies = answers.filter(({ rule, says }) => 'deny' in rule.then && says === true);
  if (denies.length > 0) {
    if (!added.some(({ entry }) => entry.type === 'denied')) broken(8, 'A rule denies it, and it went on.');
    return;
  }
  const isBroken = added.some(({ entry }) => entry.type === 'requested' && entry.data.breakGlass);
  if (isBroken) {
    if (answers.some(({ rule, says }) => 'deny' in rule.then && says === 'unknown'))
      broken(8, 'The glass was broken while a rule might deny it.');
    if (applied.length > 0) broken(8, 'A rule approved what needed nobody.');
    return;
  }
  for (const { rule, says } of answers) {
    const effects = applied.filter((each) => each.rule === rule.name);
    const steps =
      'approve' in rule.then
        ? rule.then.approve.filter((name) =>
            open.pinned.some((step) => step.name === name && !step.peopleOnly),
          )
        : [];
    const must =
      'deny' in rule.then && says === 'unknown'
        ? 'hold'
        : 'approve' in rule.then && says === true && steps.length > 0
          ? 'approve'
          : undefined;
    if (effects.map(({ effect }) => effect).join() !== (must ?? ''))
      broken(8, `${rule.name} is ${says} and did ${effects.map(({ effect }) => effect).join()}.`);
    if (must === 'approve' && effects[0]?.steps?.join() !== steps.join())
      broken(8, `${rule.name} stands for ${effects[0]?.steps?.join()}, and names ${steps.join()}.`);
  }
}

/** Before an approval counts, whatever may deny it was judged: as it is now, by the flow as it is now. */
function checkDoubts({ added, world }: Step, before: Open): void {
  const given = added.find(
    ({ entry }) => entry.type === 'approval-given' || entry.type === 'overridden',
  )?.entry;
  if (given === undefined) return;
  const released = added.flatMap(({ entry }) =>
    entry.type === 'rule-applied' && entry.data.effect === 'release' ? [entry.data.rule] : [],
  );
  const lifted = given.type === 'overridden' ? (given.data.lifts ?? []) : [];
  for (const { name, condition, then } of rulesNow(world)) {
    const wasJudged = before.judged.some(
      (rule) => rule.approve === undefined && rule.name === name && rule.if === condition.source,
    );
    if (!('deny' in then) || (wasJudged && !before.holds.includes(name))) continue;
    const says = truth(condition.source, before, world);
    if (says === true) broken(8, `${name} denies it, and it was approved.`);
    if (says === 'unknown' && !lifted.includes(name)) broken(8, `${name} may deny it, and it was approved.`);
  }
  for (const held of before.holds)
    if (!released.includes(held) && !lifted.includes(held)) broken(8, `It is still held by ${held}.`);
}

function checkDeny(
  { data }: EntryOf<'rule-applied'>,
  open: Open | undefined,
  { after, added, world }: Step,
): void {
  const rule = rulesNow(world).find(({ name }) => name === data.rule);
  if (open === undefined || rule === undefined || !('deny' in rule.then))
    return broken(8, `${data.rule} denied it, and is no rule that does.`);
  if (truth(rule.condition.source, open, world) !== true)
    broken(8, `${data.rule} denied it, and does not hold.`);
  const isDenied =
    after.phase.status === 'denied' || added.some(({ entry }) => entry.type === 'extension-denied');
  if (!isDenied) broken(8, `${data.rule} denied it, and it went on.`);
}
