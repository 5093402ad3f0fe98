// How IAM Identity Center is asked what it works on, and how a piece of work stands. Import it where it is used.
import {
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  ListAccountAssignmentCreationStatusCommand,
  ListAccountAssignmentDeletionStatusCommand,
  type AccountAssignmentOperationStatus,
} from '@aws-sdk/client-sso-admin';
import { everyPage, found } from './aws-answers.ts';
import { type SsoCaller } from './sso-caller.ts';
import type { Looker, WorkKind } from './sso-watch.ts';

export type WorkStatus = AccountAssignmentOperationStatus;

export async function statusOf(sso: SsoCaller, kind: WorkKind, id: string): Promise<WorkStatus> {
  const InstanceArn = sso.instance;
  if (kind === 'create') {
    const command = new DescribeAccountAssignmentCreationStatusCommand({
      InstanceArn,
      AccountAssignmentCreationRequestId: id,
    });
    const answer = await sso.ask('following an assignment', (client, o) => client.send(command, o), 'watch');
    return answer.AccountAssignmentCreationStatus ?? {};
  }
  const command = new DescribeAccountAssignmentDeletionStatusCommand({
    InstanceArn,
    AccountAssignmentDeletionRequestId: id,
  });
  const what = 'following the end of an assignment';
  const answer = await sso.ask(what, (client, o) => client.send(command, o), 'watch');
  return answer.AccountAssignmentDeletionStatus ?? {};
}

export function lookerOf(sso: SsoCaller, using: Looker['using']): Looker {
  return {
    using,
    list: (kind) => everyPage((next) => pageOfWork(sso, kind, next)),
    async about(kind, id) {
      const status = await found(statusOf(sso, kind, id));
      const { TargetId: account, PermissionSetArn: permissionSet, PrincipalId: user } = status ?? {};
      return account === undefined || permissionSet === undefined || user === undefined
        ? undefined
        : { account, permissionSet, user };
    },
  };
}

async function pageOfWork(
  sso: SsoCaller,
  kind: WorkKind,
  next: { readonly NextToken?: string },
): Promise<{ readonly rows: readonly string[]; readonly next: string | undefined }> {
  const input = { InstanceArn: sso.instance, Filter: { Status: 'IN_PROGRESS' }, ...next } as const;
  if (kind === 'create') {
    const command = new ListAccountAssignmentCreationStatusCommand(input);
    const answer = await sso.ask(
      'listing what is under way',
      (client, o) => client.send(command, o),
      'watch',
    );
    return { rows: idsOf(answer.AccountAssignmentsCreationStatus), next: answer.NextToken };
  }
  const command = new ListAccountAssignmentDeletionStatusCommand(input);
  const answer = await sso.ask('listing what is under way', (client, o) => client.send(command, o), 'watch');
  return { rows: idsOf(answer.AccountAssignmentsDeletionStatus), next: answer.NextToken };
}

function idsOf(list: readonly { readonly RequestId?: string | undefined }[] = []): readonly string[] {
  return list.flatMap(({ RequestId }) => RequestId ?? []);
}
