// The IAM group strategy over the AWS double, by a role that may do what its policy file says.
import type { StrategySubject } from '../strategy.ts';
import { account, ann, awsParts, openAwsWorld } from './aws-double-parts.ts';
import { accessControl, createQuickClock } from './subject-parts.ts';

const type = 'aws-iam-group';

export async function awsIamGroupSubject(): Promise<StrategySubject> {
  const world = await openAwsWorld({ type, service: 'iam', writing: /^(Add|Remove)/ });
  const { iam } = world.aws;
  const user = iam.addUser(account, 'ann.ortega');
  const group = iam.addGroup(account, 'production-access');
  iam.join(group, iam.addUser(account, 'bob'));
  iam.join(group, iam.addUser(account, 'zoe'));
  iam.pageSize = 1;
  iam.lagMs = 5;
  const clock = createQuickClock();
  const parts = awsParts(world, { clock, people: [{ id: ann, accounts: { 'aws-iam': 'ann.ortega' } }] });
  const target = { group_name: 'production-access' };
  return {
    access: accessControl(parts),
    ref: { type, integration: 'main' },
    target,
    person: ann,
    readable: true,
    holds: async () => (iam.isIn(group, user) ? 'member' : 'none'),
    async give(holding) {
      if (holding === 'none') iam.leave(group, user);
      else iam.join(group, user);
    },
    trouble: world.trouble,
    get writes() {
      return world.writes();
    },
    close: world.close,
  };
}
