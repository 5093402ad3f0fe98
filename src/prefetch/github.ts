// Options from GitHub: the repositories or teams of an organisation that the app sees.
import type { FromSchema } from 'json-schema-to-ts';
import { GitHubFailure } from '../clients/github/failure.ts';
import { Failure } from '../engine/ports.ts';
import type { OptionSource } from './option-source.ts';

const githubWith = {
  type: 'object',
  additionalProperties: false,
  required: ['list', 'organization'],
  properties: {
    list: {
      enum: ['repositories', 'teams'],
      description: '`repositories`: by their names, those where the app is installed. `teams`: by their slugs.',
    },
    organization: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9-]{0,38}$',
      description: 'The login of the organisation.',
    },
  },
} as const;

export const github: OptionSource<FromSchema<typeof githubWith>> = {
  run: 'github',
  service: 'GitHub',
  with: githubWith,

  async read({ with: { list, organization }, using }) {
    const octokit = await using.github(organization);
    const { apps, teams } = octokit.rest;
    const per_page = 100;
    try {
      if (list === 'teams') {
        const found = await octokit.paginate(teams.list, { org: organization, per_page });
        return found.map(({ slug, name }) => ({ value: slug, label: name }));
      }
      const found = await octokit.paginate(apps.listReposAccessibleToInstallation, { per_page });
      return found
        .filter(({ archived, owner }) => !archived && owner.login.toLowerCase() === organization.toLowerCase())
        .map(({ name }) => ({ value: name, label: name }));
    } catch (error) {
      if (!(error instanceof GitHubFailure)) throw error;
      throw new Failure(`GitHub answered ${error.status ?? 'nothing'} to listing the ${list}.`, error);
    }
  },
};
