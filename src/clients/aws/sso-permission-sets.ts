// A permission set: whether it is there, its inline policy, and the roles in accounts that follow it. Import it where it is used.
import {
  DescribePermissionSetCommand,
  DescribePermissionSetProvisioningStatusCommand,
  GetInlinePolicyForPermissionSetCommand,
  ListPermissionSetsProvisionedToAccountCommand,
  ProvisionPermissionSetCommand,
  PutInlinePolicyToPermissionSetCommand,
  type PermissionSetProvisioningStatus,
} from '@aws-sdk/client-sso-admin';
import { Failure } from '../../engine/ports/failure.ts';
import type { Place } from './sso-assignments.ts';
import { everyPage, found } from './aws-answers.ts';
import { createSsoCaller, workFailed, type SsoCaller, type SsoParts } from './sso-caller.ts';

export interface PermissionSets {
  exists(permissionSet: string): Promise<boolean>;
  /** Empty where it has none; undefined where there is no such permission set. */
  inlinePolicy(permissionSet: string): Promise<string | undefined>;
  putInlinePolicy(permissionSet: string, policy: string): Promise<void>;
  isProvisioned(place: Place): Promise<boolean>;
  /** Has the account's role follow the permission set, and waits for its end. */
  provision(place: Place): Promise<void>;
  /** Those who change the same permission set do so one by one. */
  inOrder: SsoCaller['inOrder'];
}

export function openPermissionSets(parts: SsoParts): PermissionSets {
  const sso = createSsoCaller(parts);
  const { clock, signal } = parts.using;
  const InstanceArn = sso.instance;
  const setOf = (PermissionSetArn: string) => ({ InstanceArn, PermissionSetArn });

  async function endOf(id: string): Promise<PermissionSetProvisioningStatus> {
    for (let wait = 500; ; wait = Math.min(4000, wait * 1.5)) {
      const command = new DescribePermissionSetProvisioningStatusCommand({
        InstanceArn,
        ProvisionPermissionSetRequestId: id,
      });
      const what = 'following the provisioning';
      const answer = await sso.ask(what, (client, o) => client.send(command, o), 'watch');
      const status = answer.PermissionSetProvisioningStatus ?? {};
      if (status.Status !== 'IN_PROGRESS') return status;
      await clock.sleep(wait, signal);
    }
  }

  return {
    inOrder: sso.inOrder,
    async exists(permissionSet) {
      const command = new DescribePermissionSetCommand(setOf(permissionSet));
      const asking = sso.ask('reading the permission set', (client, o) => client.send(command, o));
      return (await found(asking)) !== undefined;
    },
    async inlinePolicy(permissionSet) {
      const command = new GetInlinePolicyForPermissionSetCommand(setOf(permissionSet));
      const asking = sso.ask('reading the inline policy', (client, o) => client.send(command, o));
      const answer = await found(asking);
      return answer && (answer.InlinePolicy ?? '');
    },
    async putInlinePolicy(permissionSet, InlinePolicy) {
      const command = new PutInlinePolicyToPermissionSetCommand({ ...setOf(permissionSet), InlinePolicy });
      await sso.ask('writing the inline policy', (client, o) => client.send(command, o));
    },
    async isProvisioned({ account, permissionSet }) {
      const provisioned = await everyPage(async (next) => {
        const command = new ListPermissionSetsProvisionedToAccountCommand({
          InstanceArn,
          AccountId: account,
          ...next,
        });
        const what = 'listing the permission sets of the account';
        const answer = await sso.ask(what, (client, o) => client.send(command, o));
        return { rows: answer.PermissionSets ?? [], next: answer.NextToken };
      });
      return provisioned.includes(permissionSet);
    },
    async provision({ account, permissionSet }) {
      await sso.work(account, async () => {
        const command = new ProvisionPermissionSetCommand({
          ...setOf(permissionSet),
          TargetId: account,
          TargetType: 'AWS_ACCOUNT',
        });
        const what = 'provisioning the permission set';
        const answer = await sso.begin(what, (client, o) => client.send(command, o));
        const id = answer.PermissionSetProvisioningStatus?.RequestId;
        if (id === undefined)
          throw new Failure('IAM Identity Center began to provision, and did not say what.', {
            transient: true,
          });
        const { Status, FailureReason } = await endOf(id);
        if (Status !== 'SUCCEEDED') throw workFailed('the provisioning', FailureReason);
      });
    },
  };
}
