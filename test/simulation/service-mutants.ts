// Ways to break how access is given and taken at real services. A town that is served by one has to show each of them.
import { mutant, withService, type Mutant } from './mutant.ts';

const reach = 'src/strategies/reach.ts';

const whereThereAreLevels: readonly Mutant[] = [
  mutant('leaves nothing where something lesser was before', reach, [
    'aimOfRevoke(order, situation)',
    "aimOfRevoke(order, { ...situation, before: 'none' })",
  ]),
  mutant('takes what another grant beside it needs', reach, [
    'aimOfRevoke(order, situation)',
    'aimOfRevoke(order, { ...situation, wanted: [] })',
  ]),
];

const whereReadsAreLate: readonly Mutant[] = [
  mutant('believes at once that nothing is there, where a grant may show later', reach, [
    'return !covers(order, join(order, [before, ...wanted]), ours) && !covers(order, now, ours);',
    'return false;',
  ]),
];

const whereWorkTakesTime: readonly Mutant[] = [
  mutant(
    'believes that nothing is there while work is under way',
    'src/strategies/aws-sso/aws-sso.ts',
    ["if (call.purpose === 'escalate' || call.purpose === 'deescalate')", "if (call.purpose === 'escalate')"],
    ['  readsLate: true,\n', ''],
  ),
];

const whereNothingCanBeRead: readonly Mutant[] = [
  mutant('takes what is already gone for a failure', 'src/strategies/http/http.ts', [
    '`${request}-deescalate` }, [404, 410]',
    '`${request}-deescalate` }, []',
  ]),
];

export const serviceMutants: readonly Mutant[] = [
  ...withService('github-team', whereThereAreLevels),
  ...withService('aws-iam-group', whereReadsAreLate),
  ...withService('aws-sso', whereWorkTakesTime),
  ...withService('http-unread', whereNothingCanBeRead),
];
