// The changes under the headings that a reviewer looks for. Every surface has the same.
import type { Change } from './change.ts';

export interface Section {
  readonly title: string;
  readonly changes: readonly Change[];
}

/** Those without a change are left out. */
export function sectionsOf(changes: readonly Change[]): readonly Section[] {
  const loud = changes.filter((change) => change.loud);
  const quiet = changes.filter((change) => !change.loud);
  return [
    { title: 'Look at this first', changes: loud },
    { title: 'Made easier', changes: quiet.filter(({ effect }) => effect === 'easier') },
    { title: 'Changed otherwise', changes: quiet.filter(({ effect }) => effect === 'other') },
    { title: 'Made harder', changes: quiet.filter(({ effect }) => effect === 'harder') },
  ].filter((section) => section.changes.length > 0);
}
