// Ends what a person signed in to while they were assigned: the permission set denies it, and the account's role follows.
import type { SsoParts } from '../../clients/aws/sso-caller.ts';
import type { Assignment } from '../../clients/aws/sso-watch.ts';
import { plus, type Instant } from '../../domain/names.ts';
import { Failure } from '../../engine/ports/failure.ts';
import { holdsCut, withCut, type Cut } from './session-cut.ts';

/** Our clock and AWS’s may differ a little; nobody without access signs in anew meanwhile. */
const marginMs = 30_000;
const mostAttempts = 5;

export async function endSessions(
  parts: SsoParts,
  { account, permissionSet, user }: Assignment,
  endedAt: Instant,
): Promise<void> {
  const { openPermissionSets } = await import('../../clients/aws/sso-permission-sets.ts');
  const sets = openPermissionSets(parts);
  const { clock } = parts.using;
  const cut: Cut = { account, user, before: plus(endedAt, marginMs) };

  /** There is no way to write it only if nobody else has meanwhile: so it is read again until it stands. */
  const write = async (): Promise<'written' | 'gone'> => {
    for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
      const policy = await sets.inlinePolicy(permissionSet);
      if (policy === undefined) return 'gone';
      if (attempt > 0 && holdsCut(policy, cut)) return 'written';
      await sets.putInlinePolicy(permissionSet, withCut(policy, cut, clock.now()));
    }
    throw new Failure('Somebody else keeps changing the inline policy of the permission set.', {
      transient: true,
    });
  };

  if ((await sets.inOrder(permissionSet, write)) === 'gone') return;
  // With the last assignment AWS removes the role from the account, and what was signed in to ends with it.
  if (await sets.isProvisioned({ account, permissionSet })) await sets.provision({ account, permissionSet });
}
