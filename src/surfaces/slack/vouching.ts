// For whom the app in a workspace may speak: whoever holds its secret can sign anything in its name.
import type { DeskId } from '../../domain/names.ts';
import type { Delivered } from './read-delivery.ts';

export interface VouchingParts {
  readonly desks: readonly DeskId[];
  /** The workspace that a desk's own people are in. */
  readonly workspaceOf: (desk: DeskId) => Promise<string | undefined>;
}

/**
 * A workspace speaks for its own people. For those of another, whom it knows from a shared channel, only a desk's own
 * workspace does, and not for the people of another desk's own. Commands are given at home alone.
 */
export function createVouching({
  desks,
  workspaceOf,
}: VouchingParts): (delivered: Delivered) => Promise<boolean> {
  return async ({ type, workspace, who }) => {
    if (who.team === workspace) return true;
    if (type === 'command' || type === 'shortcut' || type === 'home') return false;
    const own = new Set(await Promise.all(desks.map(workspaceOf)));
    return own.has(workspace) && !own.has(who.team);
  };
}
