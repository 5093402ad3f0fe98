// Ways to break the engine, each small and plausible. The simulation has to catch every one of them.
import { inClimate, mutant, type Mutant } from './mutant.ts';

const anywhere: readonly Mutant[] = [
  mutant('grants before the ledger holds the decision', 'src/domain/outstanding.ts', [
    'committedSeq >= phase.startedSeq',
    'true',
  ]),
  mutant('grants whenever it gets there', 'src/engine/access-runner.ts', ['notAfter: grant.startBy,', '']),
  mutant('forgets overlapping grants', 'src/engine/access-runner.ts', [
    'const live = await store.live(resource, account);',
    'const live = [].slice(0, resource.length + account.length) as Awaited<ReturnType<typeof store.live>>;',
  ]),
  mutant('takes its own grant for what was there before', 'src/domain/decide-grant.ts', [
    'before: oldest?.before ?? holds',
    'before: holds',
  ]),
  mutant('knows a command by its delivery', 'src/engine/engine.ts', [
    'const key = keyOf(voice);',
    'const key = `${keyOf(voice)} ${receivedAt}`;',
  ]),
  mutant('settles a command before deciding it', 'src/engine/engine.ts', [
    'const { position, request: id, command } = envelope;',
    'const { position, request: id, command } = envelope;\n    await store.save({ settles: position });',
  ]),
  mutant('takes a lost answer of the ledger for a yes', 'src/engine/committer.ts', [
    'return judgement.head === undefined ? undefined',
    'return judgement.head === undefined ? noteDone(desk, cursor.head, sent)',
  ]),
  mutant('sends another commit before it knows what became of the last', 'src/engine/committer.ts', [
    'const unanswered = openSent(await sentBefore(desk), waiting);',
    'const unanswered = openSent(undefined, waiting);',
  ]),
  mutant('shows what the ledger does not hold yet', 'src/engine/view.ts', [
    'provenBeforeShown.has(read.entry.type)',
    'read.entry.seq < 0',
  ]),
  mutant('leaves out of the ledger what nothing waits for', 'src/engine/committer.ts', [
    ' || isFlushing || Math.abs(between(haste.since, clock.now())) >= companyWithin',
    ' || (isFlushing && between(clock.now(), clock.now()) > companyWithin)',
  ]),
  mutant(
    'lets a card that is behind wait for ever',
    'src/engine/card-pace.ts',
    ['return !isPassing && (', 'return !isPassing && phase.status !== "ended" && ('],
    ['if (passed(since, now) >= longest) return true;', 'if (longest < 0) return true;'],
  ),
  mutant('forgets whom it refused a request', 'src/engine/engine.ts', [
    'await deskRecorder.refused(desk, { by, flow, code }, also);',
    'await store.save(by && flow && code ? also : {});',
  ]),
];

const underPressure: readonly Mutant[] = [
  mutant('lapses without reading the thread once more', 'src/engine/sweep.ts', [
    'await surface.reread(stored.request);',
    '',
  ]),
  mutant('lapses although somebody waits to be heard', 'src/engine/engine.ts', [
    'if (waiting.some(({ refusal, position }) => refusal === undefined && position <= upTo))',
    'if (waiting.length < 0)',
  ]),
  mutant('says that access is gone when the call failed', 'src/engine/access-runner.ts', [
    "const { verified, holds } = await access.settle({ ...call, purpose: 'deescalate' });",
    "const { verified, holds } = await access.settle({ ...call, purpose: 'deescalate' }).catch(() => ({ verified: 'answered', holds: 'none' }) as const);",
  ]),
  mutant('says that access is there when the call failed', 'src/engine/access-runner.ts', [
    'if (error instanceof Failure && !error.transient) return { gaveUp: error.message };',
    "if (error instanceof Failure) return { verified: 'answered', holds: 'none' };",
  ]),
  mutant('shows in a card that waited what the ledger does not hold yet', 'src/engine/message-runner.ts', [
    'seen.request = viewOf(stored);',
    'seen.request = stored.request;',
  ]),
  mutant('does not rebuild what the store has lost', 'src/app/rebuild.ts', [
    'if (sound === undefined) continue;',
    'if (sound !== undefined) continue;',
  ]),
  mutant('ignores a revoke that comes while it grants', 'src/domain/decide-ending.ts', [
    "if (phase.status === 'escalating' || phase.status === 'active')",
    "if (phase.status === 'active')",
  ]),
  mutant(
    'reads the target without looking at its own grants again',
    'src/engine/gather.ts',
    ['if (before === after)', 'if (after)'],
    [
      'live: live.map(({ request, grant }) => ({ request, before: grant.before }))',
      'live: before === undefined ? [] : live.map(({ request, grant }) => ({ request, before: grant.before }))',
    ],
  ),
  mutant('marks a card as shown before it is', 'src/engine/message-runner.ts', [
    'const mark = spoilt.get(id);',
    'const mark = spoilt.get(id);\n    store.noteShown(id, seq);',
  ]),
  mutant('begins the stream of a desk anew when the store was lost', 'src/app/rebuild.ts', [
    'await restoreStream(store, file, log);',
    'if (file.stream.lines.length < 0) await restoreStream(store, file, log);',
  ]),
];

const inTrouble: readonly Mutant[] = [
  mutant('forgets that a lost answer was about the stream of the desk', 'src/engine/committer.ts', [
    '(sent?.streamUpTo ?? 0) > stream.committedSeq',
    'sent?.streamUpTo === -1',
  ]),
  mutant('refuses first and records who it was later', 'src/engine/desk-writer.ts', [
    'await store.save({ ...also, desk: added });',
    'await store.save(also);\n    await store.save({ desk: added });',
  ]),
  mutant('restores nothing of what was there before', 'src/engine/access-runner.ts', [
    'resource, account, before, ...(',
    "resource, account, before: before && 'none', ...(",
  ]),
];

const inStorms: readonly Mutant[] = [
  mutant('lets a command overtake what waits before it', 'src/engine/in-order.ts', [
    'if (!lane.isAskedAgain) break;',
    'lane.waiting.delete(next.position);',
  ]),
  mutant('takes what one card shows for what all of them do', 'src/engine/shown-cards.ts', [
    'if (isBehind) return undefined;',
    '',
  ]),
  mutant('forgets which card is whose', 'src/domain/evolve.ts', [
    'const { notice, thread, ref, to = onIssue } = data;',
    'const { notice, thread, ref } = data;\n  const to = onIssue;',
  ]),
  mutant('forgets after a start what it owed before', 'src/engine/reconciler.ts', [
    'for (const id of await store.owing()) poke(id);',
    '',
  ]),
  mutant('goes on after a foreign push', 'src/engine/judge-history.ts', [
    'if (foreign) return diverged(`Commit ${foreign.oid} touches entries and is not ours.`);',
    '',
  ]),
];

const onUrgentNights: readonly Mutant[] = [
  mutant('forgets a review once the access has ended', 'src/store/summary.ts', [
    'over: isSettled(request),',
    "over: isSettled(request) || request.phase.status === 'ended',",
  ]),
  mutant('has no time for reviews after the end', 'src/domain/deadlines.ts', [
    'return first(phaseDeadline(request), reviewAt(request));',
    'const deadline = phaseDeadline(request);\n  return deadline && first(deadline, reviewAt(request));',
  ]),
  mutant('knows of no reviews that are open', 'src/store/indexes.ts', [
    'if (review) unreviewed.set(desk, (unreviewed.get(desk) ?? new Set()).add(id));',
    'if (review) unreviewed.set(desk, new Set());',
  ]),
  mutant('lets people review their own', 'src/domain/decide-review.ts', [
    'if (hasAsked(request, person, bench))',
    "if (hasAsked(request, person, bench) && message === '')",
  ]),
  mutant('lets anybody break the glass while nobody can tell', 'src/domain/break-glass.ts', [
    'if (answers.includes(true)) return undefined;',
    'if (answers.some((answer) => answer !== false)) return undefined;',
  ]),
  mutant('asks no confirmation of who is in a hurry', 'src/domain/break-glass.ts', [
    "confirm: 'typed', access:",
    'access:',
  ]),
  mutant('breaks the glass while a rule may deny it', 'src/domain/decide-request.ts', [
    'if (glass && findings.denial === undefined && findings.holds.length > 0)',
    'if (glass && findings.denial === undefined && findings.holds.length > 9)',
  ]),
  mutant('lets more of it be approved than may be without', 'src/domain/decide-extension.ts', [
    'const most = Math.min(offer.maxTotal, ...mostByBreakGlass(breakGlass, flow));',
    'const most = Math.max(offer.maxTotal, ...mostByBreakGlass(breakGlass, flow));',
  ]),
  mutant('forgives whoever asks by another account', 'src/domain/break-glass.ts', [
    'each.person === person || inquiry.person(each.account) === person',
    'each.person === person && inquiry.person(each.account) === person && false',
  ]),
];

const runs = 'src/domain/action-runs.ts';
const runner = 'src/engine/action-runner.ts';

const whereApprovalsRun: readonly Mutant[] = [
  mutant('runs what was approved before the ledger holds it', runs, [
    'committedSeq < run.startedSeq || now >= phase.validUntil',
    'committedSeq < 0 || now >= phase.validUntil',
  ]),
  mutant('runs it by another key each time', 'src/domain/outstanding.ts', [
    'key: actionKey(request.id, owed.index)',
    'key: `${actionKey(request.id, owed.index)} ${now}`',
  ]),
  mutant('runs it after the approval has ended', runs, [
    'committedSeq < run.startedSeq || now >= phase.validUntil',
    'committedSeq < run.startedSeq',
  ]),
  mutant('says of every try that it is the first', runner, [
    'const isRepeated = !untried.delete(key);',
    'const isRepeated = untried.delete(key) && false;',
  ]),
  mutant('takes a try that failed for one that worked', runner, [
    'if (!(error instanceof Failure)) throw error;',
    'if (error instanceof Failure && error.transient) return {};',
  ]),
  mutant('runs the first of them and forgets the rest', 'src/domain/decide-actions.ts', [
    '...(isValid ? actionStarted(policy.actions, index + 1) : []),',
    '...(isValid && index < 0 ? actionStarted(policy.actions, index + 1) : []),',
  ]),
];

const whereTheyLeave: readonly Mutant[] = [
  mutant('lets a leaver keep their access', 'src/engine/leavers.ts', [
    'if (await roster.isHere(desk, person)) continue;',
    'if ((await roster.isHere(desk, person)) || desk !== null) continue;',
  ]),
  mutant(
    'takes a list of people that cannot be read for one without them',
    'src/engine/leavers.ts',
    [
      'if (await roster.isHere(desk, person)) continue;',
      'if (await roster.isHere(desk, person).catch(() => false)) continue;',
    ],
    [
      'if (account === undefined || (await roster.isHere(desk, person, account))) return;',
      'if (account === undefined || (await roster.isHere(desk, person, account).catch(() => false))) return;',
    ],
  ),
  mutant('ends what was asked, and leaves what was given', 'src/domain/decide-ending.ts', [
    "      return { entries: [{ ...deescalationStarted('left'), by }] };",
    '      return nothing;',
  ]),
];

const whereFlowsHaveCode: readonly Mutant[] = [
  mutant('gives access before its code has seen it', 'src/domain/outstanding.ts', [
    ' && !isEscalationAwaited(request)',
    '',
  ]),
  mutant('takes silence of its code for a yes', 'src/domain/decide-hook.ts', [
    '  if (isUnknown(came))\n    return giveUp(`The flow’s code had to see this first, and came to no answer: ${came.unknown}`, by);\n  if (came.answer',
    '  if (isUnknown(came)) return [];\n  if (came.answer',
  ]),
];

export const mutants: readonly Mutant[] = [
  ...anywhere,
  ...inClimate('pressing', underPressure),
  ...inClimate('troubled', inTrouble),
  ...inClimate('stormy', inStorms),
  ...inClimate('urgent', onUrgentNights),
  ...inClimate('running', whereApprovalsRun),
  ...inClimate('coded', whereFlowsHaveCode),
  ...inClimate('leaving', whereTheyLeave),
];
