// The page of every way to say no: the codes that the ledger keeps, in the words that people read.
import { markdownTable, referencePage, type ReferenceFile } from '../../desk/reference/reference-page.ts';
import { refusalExamples } from '../../domain/refusal-examples.ts';
import { refusalWords } from '../../domain/words.ts';

export function refusalsPage(): ReferenceFile {
  return referencePage('refusals', [
    '# Refusals',
    'Every way in which a command is refused, by the code that the ledger keeps (`refused`). The words are those that people read, here with an example of each fact.',
    markdownTable(
      ['Code', 'Why', 'What to do'],
      Object.values(refusalExamples).map((refusal) => {
        const { reason, remedy } = refusalWords(refusal);
        return [`\`${refusal.code}\``, reason, remedy];
      }),
    ),
    'A refusal is answered once for each account and reason. One that is about a request is an entry of it.',
  ]);
}
