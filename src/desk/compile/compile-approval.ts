// Who decides: the steps of a flow, what each needs, and when nobody's decision is one too.
import type { ApprovalPolicy, FlowStep, Route } from '../../domain/flow.ts';
import { destination, type Group } from '../../domain/names.ts';
import type { CompileCondition } from '../condition/condition.ts';
import type { FlowDefaults } from '../desk.ts';
import type { Report } from '../diagnostic.ts';
import { readDuration, readLapse } from './duration-texts.ts';
import { readRoutes } from '../destination-grammar.ts';
import { readGroups, type Deciding, type KnownPeople } from '../group-grammar.ts';
import type { DeclaredIntegrations } from '../group-integration.ts';
import { nearest } from '../nearest.ts';
import type { FlowFile } from '../schema/flow-schema.ts';

/** What a step is compiled with, wherever it comes from. */
export interface StepContext {
  readonly compileCondition: CompileCondition;
  readonly people: KnownPeople;
  readonly integrations: DeclaredIntegrations | undefined;
  readonly deciding: Deciding;
  readonly allowGuests: boolean;
  /** Whether guests may decide by a link in an e-mail. */
  readonly guestLinks: boolean;
  /** Who is told where a step does not say so. */
  readonly notify: readonly Route[] | undefined;
  readonly report: Report;
}

export interface ApprovalContext extends StepContext {
  readonly defaults: FlowDefaults;
  readonly access: boolean;
}

type ApprovalFile = FlowFile['approval'];
export type StepFile = ApprovalFile['steps'][number];

export function compileApproval(file: ApprovalFile, context: ApprovalContext): ApprovalPolicy {
  const { report, defaults, access } = context;
  if (access && file.valid_for !== undefined)
    report.add({ at: '/approval/valid_for', on: 'key' }, 'access-only', 'valid_for');
  return {
    steps: compileSteps(file.steps, '/approval/steps', context),
    lapseAfter: readLapse(file.lapse_after, '/approval/lapse_after', report, defaults.lapseAfter),
    selfApproval: file.allow_self_approval ?? false,
    decisionMessage: file.decision_message ?? defaults.decisionMessage,
    validFor: readDuration(file.valid_for) ?? defaults.validFor,
  };
}

export function compileSteps(
  steps: readonly StepFile[],
  at: string,
  context: StepContext,
): readonly FlowStep[] {
  checkOrder(steps, at, context.report);
  return steps.map((step, index) => compileStep(step, `${at}/${index}`, context));
}

function compileStep(file: StepFile, at: string, context: StepContext): FlowStep {
  const { people, allowGuests, guestLinks, notify, report, compileCondition } = context;
  const compiled = file.if === undefined ? undefined : compileCondition(file.if, { at: `${at}/if` }, report);
  const approvers = readGroups(file.approvers, `${at}/approvers`, context);
  if (!allowGuests)
    for (const [index, text] of file.approvers.entries())
      if (text.startsWith('guest:'))
        report.add({ at: `${at}/approvers/${index}` }, 'guests-not-allowed', text);
  const routes = file.notify
    ? readRoutes(file.notify, `${at}/notify`, { people, report })
    : (notify ?? ownChannels(approvers));
  return {
    name: file.name,
    approvers,
    count: file.count ?? 1,
    needs: file.needs ?? [],
    peopleOnly: file.people_only ?? false,
    ...(guestLinks && approvers.some((group) => group.startsWith('guest:')) && { byLink: true }),
    ...(routes.length > 0 && { routes }),
    ...(compiled && { condition: compiled.condition }),
  };
}

/** Whoever decides because they are in a channel is told there. */
function ownChannels(approvers: readonly Group[]): readonly Route[] {
  const to = approvers
    .filter((group) => group.startsWith('slack-channel:'))
    .map((group) => destination(group));
  return to.length === 0 ? [] : [{ to }];
}

function checkOrder(steps: readonly StepFile[], base: string, report: Report): void {
  const names = steps.map(({ name }) => name);
  let areKnown = true;
  for (const [index, step] of steps.entries()) {
    const at = `${base}/${index}`;
    if (names.indexOf(step.name) < index) report.add({ at: `${at}/name` }, 'duplicate-step', step.name);
    for (const [place, need] of (step.needs ?? []).entries()) {
      if (names.includes(need)) continue;
      areKnown = false;
      report.add({ at: `${at}/needs/${place}`, suggestion: nearest(need, names) }, 'unknown-step', need);
    }
  }
  const circle = areKnown ? findCircle(steps) : undefined;
  if (circle)
    report.add(
      { at: `${base}/${names.indexOf(circle[0] ?? '')}/needs` },
      'circular-needs',
      circle.join(' → '),
    );
}

/** Takes away what can be asked until nothing is left, or only steps that wait for each other. */
function findCircle(steps: readonly StepFile[]): readonly string[] | undefined {
  let rest = steps;
  for (;;) {
    const waiting = new Set(rest.map(({ name }) => name));
    const next = rest.filter(({ needs }) => (needs ?? []).some((name) => waiting.has(name)));
    if (next.length === 0) return undefined;
    if (next.length === rest.length) return walkCircle(rest);
    rest = next;
  }
}

function walkCircle(steps: readonly StepFile[]): readonly string[] {
  const waiting = new Map(steps.map(({ name, needs }) => [name, needs ?? []]));
  const path: string[] = [];
  let name = steps[0]?.name ?? '';
  while (!path.includes(name)) {
    path.push(name);
    name = waiting.get(name)?.find((need) => waiting.has(need)) ?? name;
  }
  return [...path.slice(path.indexOf(name)), name];
}
