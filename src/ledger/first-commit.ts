// The commit that a ledger begins with: it explains itself to whoever finds the branch.
import type { LedgerFile } from '../engine/ports/ledger.ts';

export const firstMessage =
  'Begin the ledger\n\nEvery commit from here on adds what was asked, decided and done.\n';

export const firstFiles: readonly LedgerFile[] = [
  {
    path: '.gitattributes',
    content: '# Each line is hashed byte for byte: no line ending may be converted.\n*.jsonl -text\n',
  },
  {
    path: 'README.md',
    content: `# The ledger

Countersign wrote this branch. It records who asked for access, who decided, what was granted, and that it was taken back.

- \`requests/2026/11/20/<request>.jsonl\` is a request, under the day it was made. Each line is an entry: what happened, when, and by whom.
- \`desk/2026/11.jsonl\` is what happened to the desk itself.
- \`git log\` reads like a diary. The trailers below each message say which requests it is about.

Every entry holds the hash of the line before it (\`prev\`), and every commit that of the commit before it: nothing can be changed or left out without a trace.

**Please change nothing here, and never force-push.** A commit by anybody else that touches an entry stops this desk from deciding and granting; access that is out is still taken back. Keep everybody but the app off this branch with a ruleset.
`,
  },
];
