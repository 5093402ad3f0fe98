// Options from GitHub: the repositories or teams of an organisation that the app sees, or the branches of a repository.
import type { FromSchema } from 'json-schema-to-ts';
import { demand } from '../clients/github/answer.ts';
import type { LiveOption } from '../domain/flow.ts';
import { Failure } from '../engine/ports/failure.ts';
import type { OptionSource, ReadCall } from './option-source.ts';

const githubWith = {
  type: 'object',
  additionalProperties: false,
  required: ['list', 'organization'],
  properties: {
    list: {
      enum: ['repositories', 'teams', 'branches'],
      description:
        '`repositories`: by their names, those where the app is installed and that are not archived. `teams`: by their slugs. `branches`: of one repository.',
    },
    organization: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9-]{0,38}$',
      wants: 'the login of an organisation on GitHub',
      description: 'The login of the organisation.',
    },
    repository: {
      type: 'string',
      pattern: '^(?!\\.{1,2}$)[A-Za-z0-9._-]{1,100}$',
      wants: 'the name of a repository, without its owner',
      description: 'The name of the repository whose branches are listed.',
    },
  },
  if: { properties: { list: { const: 'branches' } }, required: ['list'] },
  then: { required: ['repository'] },
  dependentSchemas: { repository: { properties: { list: { const: 'branches' } } } },
} as const;

type GitHubWith = FromSchema<typeof githubWith>;

const per_page = 100;

export const github: OptionSource<GitHubWith> = {
  run: 'github',
  service: 'GitHub',
  with: githubWith,
  takes: { repository: 'limited' },

  read(call) {
    switch (call.with.list) {
      case 'repositories':
        return repositories(call);
      case 'teams':
        return teams(call);
      case 'branches':
        return branches(call);
      default:
        return call.with.list satisfies never;
    }
  },
};

async function repositories({ with: { organization }, using }: ReadCall<GitHubWith>): Promise<Options> {
  const octokit = await using.github(organization);
  const { listReposAccessibleToInstallation } = octokit.rest.apps;
  const found = await demand(
    'listing the repositories',
    octokit.paginate(listReposAccessibleToInstallation, { per_page }),
  );
  return named(found.filter(({ archived }) => !archived).map(({ name }) => name));
}

async function teams({ with: { organization: org }, using }: ReadCall<GitHubWith>): Promise<Options> {
  const octokit = await using.github(org);
  const found = await demand(
    'listing the teams',
    octokit.paginate(octokit.rest.teams.list, { org, per_page }),
  );
  return found.map(({ slug, name }) => ({ value: slug, label: name }));
}

async function branches({
  with: { organization: owner, repository: repo },
  using,
}: ReadCall<GitHubWith>): Promise<Options> {
  if (repo === undefined) throw new Failure('No repository is named.', { transient: false });
  const octokit = await using.github(owner);
  const found = await demand(
    'listing the branches',
    octokit.paginate(octokit.rest.repos.listBranches, { owner, repo, per_page }),
  );
  return named(found.map(({ name }) => name));
}

type Options = readonly LiveOption[];

function named(names: readonly string[]): Options {
  return names.map((name) => ({ value: name, label: name }));
}
