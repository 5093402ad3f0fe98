// The IAM group strategy over the AWS double, by a role that may do what its policy file says.
import type { StrategySubject } from '../strategy.ts';
import { account, ann, awsParts, openAwsWorld } from './aws-double-parts.ts';
import { waysBy, type SubjectSurroundings } from './passage.ts';
import { createQuickClock } from './subject-parts.ts';

const type = 'aws-iam-group';

export async function awsIamGroupSubject(around?: SubjectSurroundings): Promise<StrategySubject> {
  const now = around && (() => new Date(around.clock.now()));
  const world = await openAwsWorld({
    ...{ type, service: 'iam', writing: /^(Add|Remove)/ },
    ...(now && { now }),
  });
  const { iam } = world.aws;
  const user = iam.addUser(account, 'ann.ortega');
  const group = iam.addGroup(account, 'production-access');
  iam.join(group, iam.addUser(account, 'bob'));
  iam.join(group, iam.addUser(account, 'zoe'));
  iam.pageSize = 1;
  iam.lagMs = around?.lagMs ?? 5;
  const clock = around?.clock ?? createQuickClock();
  const people = [{ id: ann, accounts: { 'aws-iam': 'ann.ortega' } }];
  const target = { group_name: 'production-access' };
  return {
    ...waysBy((passage) => awsParts(world, { clock, people, passage })),
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
