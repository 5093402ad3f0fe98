// The page of every environment variable that the app reads.
import { markdownTable, referencePage, type ReferenceFile } from '../../desk/reference-page.ts';
import { variables } from '../variables.ts';

export function configurationPage(): ReferenceFile {
  return referencePage('configuration', [
    '# Configuration',
    'What the operator sets: environment variables, or a file `.env` in the folder the app is started in (the environment wins). What a desk sets lies in its own files: see [the files of a desk](flow.md).',
    markdownTable(
      ['Variable', 'Required', 'Meaning'],
      variables.map(({ name, required, description }) => [`\`${name}\``, required ? 'yes' : '', description]),
    ),
    'Where neither a required one nor any of the second app is set, `npm start` opens the sandbox. Where some are set and some are missing or wrong, the app does not start, and says which, why, and what to set. No message holds a secret.',
  ]);
}
