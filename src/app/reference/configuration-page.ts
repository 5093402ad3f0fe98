// The page of every environment variable that the app reads.
import { markdownTable, referencePage, type ReferenceFile } from '../../desk/reference/reference-page.ts';
import { grantsApp, mainApp, type AppManifest } from '../app-manifest.ts';
import { variables } from '../variables.ts';

export function configurationPage(): ReferenceFile {
  return referencePage('configuration', [
    '# Configuration',
    'What the operator sets: environment variables, or a file `.env` in the folder the app is started in (the environment wins). What a desk sets lies in its own files: see [the files of a desk](flow.md).',
    markdownTable(
      ['Variable', 'Required', 'Meaning'],
      variables.map(({ name, required, description }) => [`\`${name}\``, required ? 'yes' : '', description]),
    ),
    'Where neither a required one nor any of the second app is set, `npm start` opens the sandbox. Where some are set and some are missing or wrong, the app does not start, and says which, why, and what to set. A variable that begins with `COUNTERSIGN_` and is none of these is such a mistake too. No message holds a secret. `npm run doctor` looks at all of it.',
    'In `.env`, what holds a `#` stands in quotes: `COUNTERSIGN_DESKS="acme/access#4711"`. Without them, the rest is a comment.',
    '## The apps',
    'What `npm run setup` asks GitHub for, and `npm run doctor` compares with. The main app, from [`app.yml`](../../app.yml), which says why of each:',
    permissions(mainApp()),
    'The app that grants, for the GitHub strategies alone; what a strategy does not need may be left out ([GitHub team](../strategies/github-team.md), [GitHub repository role](../strategies/github-repository-role.md)):',
    permissions(grantsApp()),
  ]);
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
