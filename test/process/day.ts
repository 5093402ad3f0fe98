// A day at acme, as its people would live it: each scene is one story, and waits for what its people would wait for.
import { pause } from './until.ts';
import { ourComments, type Stage } from './stage.ts';

export interface Scene {
  readonly name: string;
  play(stage: Stage): Promise<void>;
}

/** Flows of the day that are over sooner than anybody waits for them in the repository's own. */
export const shortFlows: Readonly<Record<string, string>> = {
  'short-visit': `label: Short visit
strategy: { type: github-team }
targets:
  night-shift:
    label: Night shift
    settings: { organization: acme, team_slug: night-shift }
duration: { options: [8s], default: 8s }
requesters: [team:acme/engineering]
approval:
  steps:
    - { name: data-owner, approvers: [team:acme/data] }
`,
  'quick-question': `label: A question that nobody answers
requesters: [team:acme/engineering]
approval:
  steps:
    - { name: security, approvers: [team:acme/security] }
  lapse_after: 4s
`,
};

/** Before the day: what the flows need, and what people have for good and must keep. */
export function furnish({ sandbox }: Pick<Stage, 'sandbox'>): void {
  sandbox.world.addTeam('night-shift', ['dora-k']);
  sandbox.world.addCollaborator('ann-o', 'triage', 'acme/shop');
}

const production = {
  Flow: 'production-access',
  Target: 'production',
  Duration: '30m',
  'Why do you need access?': 'Backfill of order 4711',
  Urgency: 'Normal',
};

const role = (name: string) => ({
  Flow: 'repository-role',
  Target: 'repository',
  Duration: '1h',
  Repository: 'shop',
  Role: name,
  'What will you do there?': 'Move the labels',
});

const vault = {
  Flow: 'vault',
  Target: 'customer-keys',
  Duration: '15m',
  'Customer number': 'C104711',
  'What do you need the keys for?': 'Their export stopped',
};

const migration = {
  Flow: 'run-migration',
  'The pull request with the migration': 'https://github.com/acme/app/pull/7',
  'Will users notice?': 'no',
};

export const forms = { production, role, vault, migration } as const;

/** In the order in which they begin. */
export const scenes: readonly Scene[] = [
  {
    name: 'two grants of one team overlap, and the membership ends with the second',
    async play(stage: Stage): Promise<void> {
      const inTeam = (): boolean => teamOf(stage, 'production-access').includes('ann-o');
      const first = stage.asks('ann-o', 'production-access.yml', production, 'ended');
      await stage.untilCard(first);
      await stage.saysInVain('ann-o', first, '/approve');
      stage.says('bob-l', first, '/approve looks right');
      await stage.untilStatus(first, 'active');
      const second = stage.asks('ann-o', 'production-access.yml', { ...production, Duration: '1h' }, 'ended');
      await stage.untilCard(second);
      stage.says('bob-l', second, '/approve');
      await stage.untilStatus(second, 'active');
      stage.says('ann-o', first, '/revoke done with this one');
      await stage.untilStatus(first, 'ended');
      if (!inTeam()) throw new Error('The first revoke took away what the second grant still needs.');
      stage.says('bob-l', second, '/revoke');
      await stage.untilStatus(second, 'ended');
      if (inTeam()) throw new Error('The request ended, and the membership is still there.');
    },
  },
  {
    name: 'two roles overlap over a standing one, and the standing one is restored',
    async play(stage: Stage): Promise<void> {
      const held = (): string | undefined => stage.sandbox.holdings().collaborators['acme/shop']?.['ann-o'];
      const push = stage.asks('ann-o', 'repository-role.yml', role('push'), 'ended');
      await stage.untilCard(push);
      stage.says('bob-l', push, '/approve');
      await stage.untilStatus(push, 'active');
      const maintain = stage.asks('ann-o', 'repository-role.yml', role('maintain'), 'ended');
      await stage.untilCard(maintain);
      stage.says('dora-k', maintain, '/approve');
      stage.says('max-p', maintain, '/approve');
      await stage.untilStatus(maintain, 'active');
      if (held() !== 'maintain') throw new Error(`ann-o holds ${held()} while maintain is granted.`);
      stage.says('ann-o', maintain, '/revoke');
      await stage.untilStatus(maintain, 'ended');
      if (held() !== 'write') throw new Error(`ann-o holds ${held()} while push is still granted.`);
      stage.says('ann-o', push, '/revoke');
      await stage.untilStatus(push, 'ended');
    },
  },
  {
    name: 'a denial ends it, what is said afterwards is too late, and a forged card is put right',
    async play(stage: Stage): Promise<void> {
      const { sandbox } = stage;
      const issue = stage.asks('ann-o', 'production-access.yml', production, 'denied');
      await stage.untilCard(issue);
      await stage.saysInVain('dora-k', issue, '/approve');
      stage.says('bob-l', issue, '/deny not today');
      await stage.untilStatus(issue, 'denied');
      await stage.saysInVain('bob-l', issue, '/approve');
      const card = sandbox.github.state.comments
        .all()
        .find(({ number, body }) => number === issue && body.includes('countersign:card:'));
      sandbox.as('max-p').editComment(card?.id ?? 0, forged);
      await stage.until('the card to be put right', () =>
        ourComments(sandbox).every(({ body }) => body !== forged),
      );
    },
  },
  {
    name: 'the vault opens after two steps in their order, and an approver closes it',
    async play(stage: Stage): Promise<void> {
      const issue = stage.asks('ann-o', 'vault.yml', vault, 'ended');
      await stage.untilCard(issue);
      await stage.saysInVain('dora-k', issue, '/approve');
      stage.says('bob-l', issue, '/approve');
      await stage.until('the first step of the vault', () => stage.ledger.at(issue)?.approvals.length === 1);
      stage.says('dora-k', issue, '/approve');
      await stage.untilStatus(issue, 'active');
      if (Object.keys(stage.sandbox.holdings().vault).length !== 1)
        throw new Error('The vault does not hold the grant that the ledger says it holds.');
      stage.says('dora-k', issue, '/deny I see something odd');
      await stage.untilStatus(issue, 'ended');
    },
  },
  {
    name: 'two people approve what grants nothing',
    async play(stage: Stage): Promise<void> {
      const issue = stage.asks('ann-o', 'run-migration.yml', migration, 'ended');
      await stage.untilCard(issue);
      stage.says('bob-l', issue, '/approve it only adds a column');
      stage.says('dora-k', issue, '/approve I ran it on a copy');
      await stage.untilStatus(issue, 'approved');
      stage.says('ann-o', issue, '/revoke it ran');
      await stage.untilStatus(issue, 'ended');
    },
  },
  {
    name: 'a request in a comment gets an issue of its own',
    async play(stage: Stage): Promise<void> {
      const { number } = stage.sandbox.as('bob-l').openIssue({ title: 'The app answers slowly' });
      const issue = await stage.asksInComment(
        'bob-l',
        number,
        '/request repository-role repository 1h repository=app role=admin reason="Look at the hooks"',
        'ended',
      );
      await stage.untilCard(issue);
      stage.says('max-p', issue, '/approve');
      stage.says('dora-k', issue, '/approve');
      await stage.untilStatus(issue, 'active');
      stage.says('max-p', issue, '/revoke');
      await stage.untilStatus(issue, 'ended');
    },
  },
  {
    name: 'an edited comment decides nothing, and the requester withdraws',
    async play(stage: Stage): Promise<void> {
      const issue = stage.asks('ann-o', 'production-access.yml', production, 'cancelled');
      await stage.untilCard(issue);
      const { id } = stage.sandbox.as('bob-l').comment(issue, 'I shall look at it.');
      stage.sandbox.as('bob-l').editComment(id, '/approve');
      await pause(300);
      stage.says('ann-o', issue, '/cancel');
      await stage.untilStatus(issue, 'cancelled');
    },
  },
  {
    name: 'who may not ask, or asks wrongly, is answered',
    async play(stage: Stage): Promise<void> {
      await Promise.all([
        stage.asksInVain('eve-s', 'production-access.yml', production),
        stage.asksInVain('ann-o', 'production-access.yml', { ...production, Urgency: 'Emergency' }),
      ]);
    },
  },
  {
    name: 'a request lapses when nobody decides',
    async play(stage: Stage): Promise<void> {
      const issue = stage.asksInText('ann-o', '/request quick-question', 'lapsed');
      await stage.untilStatus(issue, 'lapsed');
      await stage.saysInVain('dora-k', issue, '/approve');
    },
  },
];

const forged = 'Approved by everybody.';

function teamOf({ sandbox }: Stage, slug: string): readonly string[] {
  return sandbox.holdings().teams[slug] ?? [];
}
