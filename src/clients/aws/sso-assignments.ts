// Who is assigned a permission set in an account: read, given and taken, each followed to its end. Import it where it is used.
import {
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  ListAccountAssignmentsCommand,
} from '@aws-sdk/client-sso-admin';
import { Failure } from '../../engine/ports/failure.ts';
import { everyPage, found } from './aws-answers.ts';
import { createSsoCaller, workFailed, type SsoCaller, type SsoParts } from './sso-caller.ts';
import type { Assignment, WorkKind } from './sso-watch.ts';
import { lookerOf, statusOf, type WorkStatus } from './sso-work.ts';

export interface Assignments {
  /** Undefined where there is no such permission set, or no such instance. */
  principals(place: Place): Promise<readonly Principal[] | undefined>;
  /** Waits until AWS works on nothing that would change this access: what was begun may still arrive. */
  quiet(access: Assignment): Promise<void>;
  /** Begins the work, and waits for its end. Throws where it failed. */
  assign(access: Assignment): Promise<void>;
  /** The same. Where it failed because nothing was there, it is done. */
  unassign(access: Assignment): Promise<void>;
}

export type Place = Pick<Assignment, 'account' | 'permissionSet'>;

export interface Principal {
  readonly type: 'USER' | 'GROUP';
  readonly id: string;
}

/** Work that no list shows although it goes on is asked for again after this. */
const askAgainMs = 1000;

export function openAssignments(parts: SsoParts): Assignments {
  const sso = createSsoCaller(parts);
  const looker = lookerOf(sso, parts.using);

  async function principals({ account, permissionSet }: Place): Promise<readonly Principal[] | undefined> {
    const place = { InstanceArn: sso.instance, AccountId: account, PermissionSetArn: permissionSet };
    return found(
      everyPage(async (next) => {
        const command = new ListAccountAssignmentsCommand({ ...place, ...next });
        const answer = await sso.ask('listing assignments', (client, o) => client.send(command, o));
        const rows = (answer.AccountAssignments ?? []).flatMap(({ PrincipalType: type, PrincipalId: id }) =>
          type === undefined || id === undefined ? [] : [{ type, id }],
        );
        return { rows, next: answer.NextToken };
      }),
    );
  }

  /** The place is free again as soon as it is seen to be over; how it ended is asked after that. */
  async function run(kind: WorkKind, access: Assignment): Promise<WorkStatus> {
    const id = await sso.work(access.account, async () => {
      const begun = await begin(sso, kind, access);
      if (begun?.RequestId === undefined)
        throw new Failure('IAM Identity Center began to work, and did not say on what.', { transient: true });
      sso.watch.note(begun.RequestId, access);
      await sso.watch.over(kind, begun.RequestId, looker);
      return begun.RequestId;
    });
    for (;;) {
      const status = await statusOf(sso, kind, id);
      if (status.Status !== 'IN_PROGRESS') return status;
      await parts.using.clock.sleep(askAgainMs, parts.using.signal);
      await sso.watch.over(kind, id, looker);
    }
  }

  return {
    principals,
    quiet: (access) => sso.watch.quiet(access, looker),
    async assign(access) {
      const { Status, FailureReason } = await run('create', access);
      if (Status === 'FAILED') throw workFailed('the assignment', FailureReason);
    },
    async unassign(access) {
      const ended = await found(run('delete', access));
      if (ended?.Status !== 'FAILED') return;
      const left = (await principals(access)) ?? [];
      if (left.some(({ type, id }) => type === 'USER' && id === access.user))
        throw workFailed('the end of the assignment', ended.FailureReason);
    },
  };
}

async function begin(
  sso: SsoCaller,
  kind: WorkKind,
  { account, permissionSet, user }: Assignment,
): Promise<WorkStatus | undefined> {
  const input = {
    InstanceArn: sso.instance,
    TargetType: 'AWS_ACCOUNT',
    TargetId: account,
    PermissionSetArn: permissionSet,
    PrincipalType: 'USER',
    PrincipalId: user,
  } as const;
  if (kind === 'create') {
    const command = new CreateAccountAssignmentCommand(input);
    const answer = await sso.begin('assigning the permission set', (client, o) => client.send(command, o));
    return answer.AccountAssignmentCreationStatus;
  }
  const command = new DeleteAccountAssignmentCommand(input);
  const answer = await sso.begin('taking the assignment away', (client, o) => client.send(command, o));
  return answer.AccountAssignmentDeletionStatus;
}
