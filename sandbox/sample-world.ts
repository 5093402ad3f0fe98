// The sample world: an organisation with a desk, two targets, a handful of people, and the app's two identities.
import type { World } from './world.ts';

const reviewedByOwners = {
  type: 'pull_request',
  parameters: {
    required_approving_review_count: 1,
    dismiss_stale_reviews_on_push: true,
    require_code_owner_review: true,
    require_last_push_approval: false,
    required_review_thread_resolution: false,
    allowed_merge_methods: ['merge', 'squash', 'rebase'],
    required_reviewers: [],
    automatic_copilot_code_review_enabled: false,
  },
} as const;

/** Its name holds what it was started with, so that a run is told from every other. */
const migrateWorkflow = `name: Migrate
run-name: Migrate for \${{ inputs.approval }}
on:
  workflow_dispatch:
    inputs:
      pull_request: { required: true }
      approval: { required: true }
      requester: { required: false, default: nobody }
jobs:
  migrate:
    runs-on: ubuntu-latest
    steps:
      - run: ./migrate.sh "$PULL_REQUEST"
        env: { PULL_REQUEST: "\${{ inputs.pull_request }}" }
`;

export const sampleWorld: World = {
  organization: { login: 'acme', id: 9_919_001, name: 'Acme Inc.', default_repository_permission: 'read' },
  people: [
    { login: 'ann-o', id: 583_231, name: 'Ann Ortega', email: 'ann@acme.com', member: 'member' },
    { login: 'bob-l', id: 583_232, name: 'Bob Lindqvist', email: 'bob@acme.com', member: 'member' },
    { login: 'dora-k', id: 583_233, name: 'Dora Kim', email: 'dora@acme.com', member: 'member' },
    { login: 'max-p', id: 583_234, name: 'Max Pereira', email: 'max@acme.com', member: 'admin' },
    { login: 'eve-s', id: 583_235, name: 'Eve Sato', email: 'eve@acme.com', member: 'member' },
    { login: 'yuki-t', id: 583_236, name: 'Yuki Tanaka', email: 'yuki@acme.com', member: 'member' },
    { login: 'lena-f', id: 583_237, name: 'Lena Fischer', email: 'lena@acme.com', member: 'member' },
    { login: 'kofi-m', id: 583_238, name: 'Kofi Mensah', email: 'kofi@acme.com', member: 'member' },
    { login: 'ines-c', id: 583_239, name: 'Inês Costa', email: 'ines@acme.com', member: 'member' },
    { login: 'priya-r', id: 583_240, name: 'Priya Raman', email: 'priya@acme.com', member: 'member' },
    {
      login: 'anastasia-papadopoulou',
      id: 583_241,
      name: 'Anastasia Papadopoulou-Konstantinidis',
      email: 'anastasia@acme.com',
      member: 'member',
    },
    { login: 'mallory-x', id: 666_001, name: 'Mallory' },
  ],
  teams: [
    {
      slug: 'engineering',
      id: 8_100_001,
      members: ['ann-o', 'bob-l', 'eve-s', 'lena-f', 'kofi-m', 'ines-c', 'priya-r', 'anastasia-papadopoulou'],
    },
    { slug: 'data', id: 8_100_002, members: ['bob-l', 'yuki-t'] },
    { slug: 'security', id: 8_100_003, members: ['dora-k'] },
    { slug: 'platform', id: 8_100_004, members: ['max-p'] },
    { slug: 'production-access', id: 8_100_005, members: [] },
    { slug: 'staging-access', id: 8_100_008, members: [] },
    { slug: 'db-team', id: 8_100_006, members: ['bob-l', 'dora-k', 'yuki-t'] },
    { slug: 'on-call', id: 8_100_007, members: ['kofi-m', 'priya-r'] },
  ],
  desk: 'acme/access',
  repositories: [
    {
      name: 'access',
      id: 700_100_001,
      private: true,
      description: 'Ask for access here',
      files: {
        'README.md':
          '# Access\n\nOpen an issue to ask for access. `flows/` says who may ask and who decides.\n',
        '.github/CODEOWNERS': '/flows/ @acme/platform\n/.github/ @acme/platform\n',
      },
      rulesets: [{ name: 'Reviewed by owners', include: ['~DEFAULT_BRANCH'], rules: [reviewedByOwners] }],
      teams: { platform: 'write' },
    },
    {
      name: 'shop',
      id: 700_100_002,
      private: true,
      description: 'The shop',
      files: { 'README.md': '# Shop\n' },
    },
    {
      name: 'app',
      id: 700_100_003,
      private: true,
      description: 'The application',
      files: {
        'README.md': '# App\n',
        '.github/CODEOWNERS': '/db/migrations/ @acme/db-team\n',
        'db/migrations/0001-orders.sql': 'create table orders (id bigint primary key);\n',
        '.github/workflows/migrate.yml': migrateWorkflow,
      },
      teams: { engineering: 'write', 'db-team': 'write' },
    },
  ],
  apps: [
    {
      slug: 'countersign',
      name: 'Countersign',
      id: 1001,
      installation_id: 45_100_001,
      permissions: {
        contents: 'write',
        issues: 'write',
        metadata: 'read',
        members: 'read',
        checks: 'write',
        pull_requests: 'read',
      },
      events: ['check_run', 'check_suite', 'issue_comment', 'issues', 'pull_request', 'push', 'repository'],
    },
    {
      slug: 'countersign-grants',
      name: 'Countersign grants',
      id: 1002,
      installation_id: 45_100_002,
      permissions: { members: 'write', administration: 'write', actions: 'write', metadata: 'read' },
      events: [],
    },
  ],
};
