// Access without approval: of whom, of what, for how long, and who reviews it.
import { hours, printDuration } from '../../domain/duration.ts';
import type { AccessOffer, BreakGlassOffer, Route } from '../../domain/flow.ts';
import { group, type Group, type Milliseconds } from '../../domain/names.ts';
import type { Report } from '../diagnostic.ts';
import { isGroup, readGroups, type Deciding, type GroupContext, type KnownPeople } from '../group-grammar.ts';
import type { DeclaredIntegrations } from '../group-integration.ts';
import { nearest } from '../nearest.ts';
import type { FlowFile } from '../schema/flow-schema.ts';
import { readDuration } from './duration-texts.ts';

type BreakGlassFile = NonNullable<FlowFile['break_glass']>;

export interface BreakGlassContext {
  /** Undefined for an approval-only flow, and where something is wrong with it. */
  readonly access: AccessOffer | undefined;
  readonly isAccess: boolean;
  readonly people: KnownPeople;
  readonly integrations: DeclaredIntegrations | undefined;
  readonly deciding: Deciding;
  /** Who is told of the flow's environment. */
  readonly notify: readonly Route[] | undefined;
  readonly report: Report;
}

const longestReview: Milliseconds = hours(24 * 30);

export function compileBreakGlass(
  file: BreakGlassFile | undefined,
  context: BreakGlassContext,
): BreakGlassOffer | undefined {
  const { access, isAccess, people, integrations, deciding, notify = [], report } = context;
  if (file === undefined) return undefined;
  if (!isAccess) report.add({ at: '/break_glass', on: 'key' }, 'approval-only', 'break_glass');
  const who = readGroups(file.who, '/break_glass/who', { people, integrations, report });
  const reviewers = readReviewers(file.reviewers, { people, integrations, deciding, report });
  const max = readDuration(file.max);
  const reviewWithin = readDuration(file.review_within);
  if (access) checkTargets(file.targets ?? [], access, report);
  if (access && max !== undefined) checkMax(max, access, report);
  if (reviewWithin !== undefined && reviewWithin > longestReview)
    report.add({ at: '/break_glass/review_within', suggestion: '30d' }, 'review-too-late');
  if (!isAccess || max === undefined || reviewWithin === undefined) return undefined;
  const tell = [...new Set(notify.flatMap(({ to }) => to))];
  return { who, ...(file.targets && { targets: file.targets }), max, reviewers, reviewWithin, tell };
}

/** They decide nothing, and yet a manager may be one of them. */
function readReviewers(list: readonly string[], context: GroupContext): readonly Group[] {
  const { report } = context;
  return list.flatMap((text, index) => {
    const place = { at: `/break_glass/reviewers/${index}` };
    if (text.startsWith('guest:')) report.add(place, 'break-glass-guests', text);
    else if (isGroup(text, place, context)) return [group(text)];
    return [];
  });
}

function checkTargets(names: readonly string[], { targets }: AccessOffer, report: Report): void {
  const known = targets.map(({ name }) => name);
  for (const [index, name] of names.entries())
    if (!known.includes(name))
      report.add(
        { at: `/break_glass/targets/${index}`, suggestion: nearest(name, known) },
        'unknown-target',
        name,
      );
}

/** Longer than anything that can be asked for says nothing; shorter lets nobody ask. */
function checkMax(max: Milliseconds, { durations }: AccessOffer, report: Report): void {
  const at = '/break_glass/max';
  const ending = durations.options.filter((option) => option !== 'until-revoked');
  const [shortest, longest] = [Math.min(...ending), Math.max(...ending)];
  if (ending.length === 0) report.add({ at }, 'break-glass-endless');
  else if (max < shortest)
    report.add({ at, suggestion: printDuration(shortest) }, 'break-glass-too-short', printDuration(shortest));
  else if (max > longest && !durations.options.includes('until-revoked'))
    report.add({ at, suggestion: printDuration(longest) }, 'break-glass-too-long', printDuration(longest));
}
