// Ways to break how access is given and taken at real services. A town that is served by one has to show each of them.
import { mutant, withService, type Mutant } from './mutant.ts';

const reach = 'src/strategies/reach.ts';

const lesserIsForgotten = mutant('leaves nothing where something lesser was before', reach, [
  'aimOfRevoke(order, situation)',
  "aimOfRevoke(order, { ...situation, before: 'none' })",
]);

const othersAreForgotten = mutant('takes what another grant beside it needs', reach, [
  'aimOfRevoke(order, situation)',
  'aimOfRevoke(order, { ...situation, wanted: [] })',
]);

const lateReadsAreBelieved = mutant(
  'believes at once that nothing is there, where a grant may show later',
  reach,
  [
    'return !covers(order, join(order, [before, ...wanted]), ours) && !covers(order, now, ours);',
    'return false;',
  ],
);

const workIsForgotten = mutant(
  'believes that nothing is there while work is under way',
  'src/strategies/aws-sso/aws-sso.ts',
  ["if (call.purpose === 'escalate' || call.purpose === 'deescalate')", "if (call.purpose === 'escalate')"],
  ['  readsLate: true,\n', ''],
);

const goneIsAFailure = mutant('takes what is already gone for a failure', 'src/strategies/http/http.ts', [
  '`${request}-deescalate` }, [404, 410]',
  '`${request}-deescalate` }, []',
]);

export const serviceMutants: readonly Mutant[] = [
  withService('github-team', 3, lesserIsForgotten),
  withService('github-team', 1, othersAreForgotten),
  withService('aws-iam-group', 12, lateReadsAreBelieved),
  withService('aws-sso', 5, workIsForgotten),
  withService('http-unread', 10, goneIsAFailure),
];
