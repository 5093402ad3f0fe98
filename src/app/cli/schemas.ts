// countersign schemas: writes what editors complete and check the files of a desk by.
import { parseArgs } from 'node:util';
import { editorSchemas } from '../../desk/reference/reference.ts';
import type { CliCommand, CliConsole } from './command.ts';
import { filesInFolder } from './desk-files.ts';
import { endingOf, folderOption, oneFolder } from './ending.ts';
import { schemaFolder } from './init/first-desk.ts';
import { writeBelow } from './write-below.ts';

export const schemas: CliCommand = {
  name: 'schemas',
  summary: 'writes the schemas by which editors complete the files of a desk',
  usage: `[FOLDER]

Writes flows/.schemas/ as this version has them: do it again after an update. FOLDER, or --folder FOLDER, is where flows/ is; where you are, unless
given. The first line of a file says which is its own:

  # yaml-language-server: $schema=.schemas/flow.schema.json       (or settings, people, scenarios)

Ends with 0 where they are written, 2 when called wrongly, 3 where there is no desk.`,
  run,
};

/** By path. */
export function schemaFiles(): readonly (readonly [path: string, text: string])[] {
  return [...editorSchemas()].map(([name, text]) => [`${schemaFolder}/${name}`, `${text}\n`]);
}

function run(args: readonly string[], console: CliConsole): Promise<number> {
  return endingOf('schemas', console, async () => {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: folderOption,
      allowPositionals: true,
    });
    const folder = oneFolder(positionals, values);
    await filesInFolder(folder);
    for (const [path, text] of schemaFiles()) {
      await writeBelow(folder, path, text);
      console.out(`${path} written`);
    }
    return 0;
  });
}
