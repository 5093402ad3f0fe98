// The page of every environment variable that the app reads.
import {
  markdownTable,
  referenceFolder,
  referencePage,
  type ReferenceFile,
} from '../../desk/reference/reference-page.ts';
import { grantsApp, mainApp, type AppManifest } from '../app-manifest.ts';
import { defaultCommand, slackManifest, slackScopes } from '../slack-manifest.ts';
import { variables } from '../variables.ts';

export function configurationPage(): ReferenceFile {
  return referencePage('configuration', [
    '# Configuration',
    'What the operator sets: environment variables, or a file `.env` in the folder the app is started in (the environment wins). What a desk sets lies in its own files: see [the files of a desk](flow.md).',
    markdownTable(
      ['Variable', 'Required', 'Meaning'],
      variables.map(({ name, required, description }) => [`\`${name}\``, required ? 'yes' : '', description]),
    ),
    'Where neither a required one nor any of the second app is set, `npm start` opens the sandbox. Where some are set and some are missing or wrong, the app does not start, and says which, why, and what to set. A variable that begins with `COUNTERSIGN_` and is none of these is such a mistake too; of those that begin with `SLACK_`, these alone are read. No message holds a secret. `npm run doctor` looks at all of it.',
    'In `.env`, what holds a `#` stands in quotes: `COUNTERSIGN_DESKS="acme/access#4711"`. Without them, the rest is a comment.',
    '## The apps',
    'What `npm run setup` asks GitHub for, and `npm run doctor` compares with. The main app, from [`app.yml`](../../app.yml), which says why of each:',
    permissions(mainApp()),
    'The app that grants, for the GitHub strategies alone; what a strategy does not need may be left out ([GitHub team](../strategies/github-team.md), [GitHub repository role](../strategies/github-repository-role.md)):',
    permissions(grantsApp()),
    '## The Slack app',
    `What its manifest asks Slack for: [over HTTP](slack-manifest.json), with \`YOUR-ADDRESS\` in it, or [by Socket Mode](slack-manifest-socket-mode.json). \`npm run setup\` makes a link that fills in your own.`,
    markdownTable(
      ['Scope', 'What for'],
      Object.entries(slackScopes).map(([scope, why]) => [`\`${scope}\``, why]),
    ),
  ]);
}

/** As files that can be pasted where Slack asks for a manifest. */
export function slackManifestFiles(): readonly ReferenceFile[] {
  const wishes = { command: defaultCommand };
  const http = slackManifest({ ...wishes, address: 'https://YOUR-ADDRESS' });
  return [
    { path: `${referenceFolder}/slack-manifest.json`, content: JSON.stringify(http) },
    {
      path: `${referenceFolder}/slack-manifest-socket-mode.json`,
      content: JSON.stringify(slackManifest(wishes)),
    },
  ];
}

function permissions({ permissions, events }: AppManifest): string {
  return markdownTable(
    ['Permission', 'Level'],
    [
      ...Object.entries(permissions).map(([name, level]) => [`\`${name}\``, level]),
      [
        'events',
        events.length > 0 ? events.map((event) => `\`${event}\``).join(', ') : 'none, and no webhook',
      ],
    ],
  );
}
