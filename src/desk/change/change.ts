// What a change to a desk's files does to people: one thing of it, in a sentence that a reviewer reads at once.

/** `easier`: access is got or kept with less. `harder`: with more. `other`: neither, or it cannot be told. */
export type Effect = 'easier' | 'harder' | 'other';

export interface Change {
  readonly kind: ChangeKind;
  readonly effect: Effect;
  /** To be shown before everything that is not. */
  readonly loud: boolean;
  /** The flow's name; absent where it is about the desk as a whole. */
  readonly flow?: string;
  /** Plain text: surfaces escape it. */
  readonly sentence: string;
  /** The path that it belongs to; the cause may stand in another file. */
  readonly file: string;
}

export type ChangeKind =
  | 'author-widens'
  | 'author-may-widen'
  | 'flow-added'
  | 'flow-asks'
  | 'flow-grants'
  | 'flow-removed'
  | 'flow-renamed'
  | 'flow-broken'
  | 'flow-mended'
  | 'requesters'
  | 'target-requesters'
  | 'approvers'
  | 'step-added'
  | 'step-removed'
  | 'step-condition'
  | 'step-needs'
  | 'count'
  | 'people-only'
  | 'self-approval'
  | 'routes'
  | 'warning'
  | 'guests-allowed'
  | 'rule-added'
  | 'rule-removed'
  | 'rule-condition'
  | 'rule-effect'
  | 'durations'
  | 'until-revoked'
  | 'default-duration'
  | 'extension'
  | 'break-glass'
  | 'break-glass-review'
  | 'action-added'
  | 'action-changed'
  | 'action-removed'
  | 'lapse'
  | 'validity'
  | 'decision-message'
  | 'sources'
  | 'revokers'
  | 'confirm'
  | 'access-kind'
  | 'strategy'
  | 'integration-used'
  | 'end-sessions'
  | 'target-added'
  | 'target-removed'
  | 'target-setting'
  | 'same-grant'
  | 'field-added'
  | 'field-removed'
  | 'field-condition'
  | 'field-limits'
  | 'field-required'
  | 'field-otherwise'
  | 'environment'
  | 'form-own'
  | 'scenarios-removed'
  | 'text'
  | 'order'
  | 'otherwise'
  | 'desk-closed'
  | 'desk-opened'
  | 'admins'
  | 'guests'
  | 'error-channel'
  | 'slack-workspace'
  | 'member-domains'
  | 'link-domains'
  | 'integration-added'
  | 'integration-removed'
  | 'integration-setting'
  | 'secret'
  | 'account-moved'
  | 'account-added'
  | 'account-removed'
  | 'email'
  | 'service-account'
  | 'code'
  | 'person-added'
  | 'person-removed'
  | 'role'
  | 'manager';

export const peopleFile = 'flows/people.yml';
export const settingsFile = 'flows/countersign.yml';

/** Where changes are found: it knows which flow and file they belong to. */
export interface Place {
  /** As sentences name it. */
  readonly of: string;
  change(kind: ChangeKind, effect: Effect, sentence: string, how?: 'loud'): Change;
}

export function flowPlace(name: string): Place {
  return {
    of: name,
    change: (kind, effect, sentence, how) => ({
      kind,
      effect,
      loud: how === 'loud',
      flow: name,
      sentence,
      file: `flows/${name}.yml`,
    }),
  };
}

export function filePlace(file: string): Place {
  return {
    of: file,
    change: (kind, effect, sentence, how) => ({ kind, effect, loud: how === 'loud', sentence, file }),
  };
}

/** Who may do what comes before limits, and limits before words. */
const first: ReadonlySet<ChangeKind> = new Set([
  'flow-added',
  'flow-mended',
  'flow-asks',
  'flow-grants',
  'requesters',
  'target-requesters',
  'approvers',
  'step-removed',
  'step-condition',
  'count',
  'people-only',
  'self-approval',
  'guests-allowed',
  'rule-added',
  'rule-removed',
  'rule-condition',
  'rule-effect',
  'until-revoked',
  'break-glass',
  'break-glass-review',
  'action-added',
  'action-changed',
  'access-kind',
  'strategy',
  'integration-used',
  'end-sessions',
  'target-added',
  'target-setting',
  'same-grant',
  'admins',
  'guests',
  'slack-workspace',
  'member-domains',
  'link-domains',
  'integration-setting',
  'secret',
  'account-moved',
  'account-added',
  'email',
  'service-account',
  'code',
  'person-added',
  'role',
  'manager',
]);
const last: ReadonlySet<ChangeKind> = new Set([
  'text',
  'order',
  'default-duration',
  'lapse',
  'environment',
  'routes',
  'error-channel',
  'warning',
]);

export function weightOf({ kind }: Change): number {
  return first.has(kind) ? 0 : last.has(kind) ? 2 : 1;
}

/** The author's own gain first, then what is loud, then what became easier, other, harder; the weightiest kinds first. */
export function inOrderOfWeight(changes: readonly Change[]): readonly Change[] {
  const effects: readonly Effect[] = ['easier', 'other', 'harder'];
  const authors = ['author-widens', 'author-may-widen'];
  const rank = ({ kind, loud, effect }: Change): number =>
    authors.includes(kind) ? authors.indexOf(kind) : loud ? 2 : 3 + effects.indexOf(effect);
  const key = (change: Change): string => [change.flow ?? '', change.kind, change.sentence].join('\n');
  // What is of one kind stays in the order of the files.
  const placeOf = ({ flow = '', kind }: Change): string => `${flow}\n${kind}`;
  const unique = [...new Map(changes.map((change) => [key(change), change])).values()];
  return unique.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      effects.indexOf(a.effect) - effects.indexOf(b.effect) ||
      weightOf(a) - weightOf(b) ||
      compareTexts(placeOf(a), placeOf(b)),
  );
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
