// The page of the ledger's vocabulary, read from the types in the source: what they say is what is written.
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { markdownTable, referencePage, type ReferenceFile } from '../../desk/reference/reference-page.ts';
import type { DeskEntryType } from '../../domain/desk-entries.ts';
import type { EntryType } from '../../domain/entries.ts';

const source = 'src/domain/entries.ts';
const deskSource = 'src/domain/desk-entries.ts';
/** Shapes that stand inside entries, and where each is declared. */
const shapes: { readonly [file: string]: readonly string[] } = {
  [source]: [
    'Speaker',
    'Machine',
    'GitHubThread',
    'SlackThread',
    'EmailThread',
    'Origin',
    'RequestForm',
    'PinnedPolicy',
    'Grant',
    'ActionRef',
  ],
  [deskSource]: ['DeskMachine', 'DriftItem'],
  'src/domain/flow.ts': ['Step', 'Route', 'StrategyRef', 'Action', 'FlowRef'],
};
/** Words that stand inside of those. */
const words: { readonly [file: string]: readonly string[] } = {
  [source]: ['Actor', 'Thread', 'Verified', 'EndReason', 'Notice', 'Holding', 'FactValue', 'ReviewOutcome'],
  'src/domain/flow.ts': ['GrantedFor', 'Revoker', 'FieldValue', 'DecisionMessage'],
  'src/domain/names.ts': [
    'RequestId',
    'PersonId',
    'Account',
    'DeskId',
    'Group',
    'Destination',
    'Instant',
    'Milliseconds',
  ],
};

const meanings: { readonly [T in EntryType]: string } = {
  requested: 'Somebody asked. The form, the policy and the flow’s commit are pinned from here on.',
  notified: 'People were shown or told something: the card, the issue, a notice.',
  undelivered: 'A notice could not be delivered, and will not be tried again.',
  forwarded:
    'Others were told that a step is asked: because of a delay, or because nobody before them could be.',
  'handed-over':
    'What goes with the access, such as a password, was shown to the requester, once. What it says stands nowhere.',
  'expiry-warned': 'The requester was warned that access is about to end.',
  'rule-applied':
    'A rule of the flow had its effect: it stands for steps, it denies, or it holds the request back until it can be judged.',
  'hook-awaited':
    'Others are to be told, or it is to lapse, and a hook of the flow’s own code is asked first. It goes on after `until` without.',
  'hook-ran': 'A hook of the flow’s own code ran. What it keeps for later hooks is in `values`.',
  'hook-failed': 'A hook of the flow’s own code came to no answer. It decides nothing; people do.',
  'approval-given': 'Somebody approved the steps that they may fill.',
  overridden: 'An admin stood in for steps that are not theirs.',
  approved: 'All steps are met, or nobody had to approve it.',
  denied: 'Somebody who may decide said no.',
  cancelled: 'Whoever asked withdrew it before it was decided.',
  lapsed: 'Nobody decided in time.',
  'escalation-started':
    'Access is about to be given. All that taking it back needs is here, before any call is made.',
  escalated: 'Access is there.',
  'escalation-failed': 'Access could not be given.',
  'extension-asked': 'The requester asked for more time, which is decided anew.',
  'extension-denied':
    'Somebody who may decide, or a rule, said no to more time. The access goes on as it was.',
  extended: 'Access lasts longer.',
  'revoke-asked': 'Somebody ended it early.',
  'review-opened':
    'Somebody broke the glass: nobody approved it, and a second person is to review it by the deadline.',
  'review-reminded':
    'The review is still to be given: half of the time is over, all of it, or another day after that.',
  'review-closed': 'A second person reviewed it, and found it fine or has a concern.',
  'deescalation-started': 'Access is about to be taken back.',
  deescalated: 'Access is gone, or as it was before.',
  'deescalation-failed':
    'Access could not be taken back yet. It is tried until it succeeds; `alarm` counts the alarms.',
  expired: 'An approval of an approval-only flow ran out.',
  'action-started':
    'Something is about to be run, as the policy of the request says it. Nothing is called before the ledger holds this.',
  'action-finished': 'It was run, or at least begun: whoever was called said so.',
  'action-failed':
    'It could not be run; `gaveUp` says whether it is still tried. Where the approval ended meanwhile, it may have been begun all the same.',
  refused: 'Somebody tried what they may not; see [refusals](refusals.md).',
};

const deskMeanings: { readonly [T in DeskEntryType]: string } = {
  refused: 'Somebody asked for what they may not, and no request came of it.',
  'ledger-diverged': 'The ledger had diverged, and is whole again.',
  'flow-disabled': 'A file of the desk was broken, and its flow could not be used.',
  linked: 'Somebody showed from both sides that an account on Slack is theirs.',
  unlinked: 'That no longer counts: they took it back, or an admin did.',
  'identity-found':
    'An account in a service was matched to somebody by e-mail address, and is theirs from then on.',
  'drift-found': 'What the targets hold was held against the live grants, and is not as it was before.',
  'identity-forgotten': 'An admin let go of such a match: it is looked for anew.',
};

export function entriesPage(): ReferenceFile {
  return referencePage('entries', [
    '# Entries',
    'What the ledger can say, in the past tense. Each entry is one line of JSON; how lines are linked is told in [the ledger](../ledger.md). `?` marks what may be absent.',
    '## Of a request',
    ...sectionsOf(source, 'EntryData', meanings),
    '## Of a desk',
    ...sectionsOf(deskSource, 'DeskEntryData', deskMeanings),
    '## Shapes',
    'What stands inside of them.',
    ...Object.entries(shapes).flatMap(([file, names]) =>
      names.flatMap((name) => [`### ${name}`, tableOf(membersOf(file, name))]),
    ),
    '## Words',
    tableOf(Object.entries(words).flatMap(([file, names]) => names.map((name) => aliasOf(file, name)))),
  ]);
}

function sectionsOf(
  file: string,
  name: string,
  meaningOf: { readonly [type: string]: string },
): readonly string[] {
  return membersOf(file, name).flatMap((type) => [
    `### \`${type.name}\``,
    meaningOf[type.name] ?? '',
    type.members.length === 0 ? '_No data._' : tableOf(type.members),
  ]);
}

interface Member {
  readonly name: string;
  readonly type: string;
  readonly meaning: string;
  readonly members: readonly Member[];
}

function tableOf(members: readonly Member[]): string {
  return markdownTable(
    ['Key', 'Type', 'Meaning'],
    members.map(({ name, type, meaning }) => [code(name), code(type), meaning]),
  );
}

/** A text with a backtick in it stands between two. */
function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

function membersOf(file: string, name: string): readonly Member[] {
  const found = statementsOf(file).find(
    (statement): statement is ts.InterfaceDeclaration =>
      ts.isInterfaceDeclaration(statement) && statement.name.text === name,
  );
  if (found === undefined) throw new Error(`${file} declares no interface ${name}.`);
  return found.members.flatMap((member) => memberOf(member));
}

/** An id with a type of its own is text, or a number, on disk. */
function aliasOf(file: string, name: string): Member {
  const found = statementsOf(file).find(
    (statement): statement is ts.TypeAliasDeclaration =>
      ts.isTypeAliasDeclaration(statement) && statement.name.text === name,
  );
  if (found === undefined) throw new Error(`${file} declares no type ${name}.`);
  const type = typeText(found.type).replace(/^Brand<(\w+), .*>$/, '$1');
  return { name, type, meaning: commentOf(found), members: [] };
}

function memberOf(member: ts.TypeElement): readonly Member[] {
  if (!ts.isPropertySignature(member) || member.type === undefined) return [];
  const { name, type, questionToken } = member;
  const key = ts.isStringLiteral(name) || ts.isIdentifier(name) ? name.text : name.getText();
  const members = ts.isTypeLiteralNode(type) ? type.members.flatMap((inner) => memberOf(inner)) : [];
  return [
    { name: questionToken ? `${key}?` : key, type: typeText(type), meaning: commentOf(member), members },
  ];
}

function statementsOf(file: string): readonly ts.Statement[] {
  return ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true).statements;
}

function typeText(type: ts.TypeNode): string {
  return type
    .getText()
    .replaceAll('readonly ', '')
    .replaceAll(/\s*\n\s*/g, ' ');
}

function commentOf(node: ts.Node): string {
  return ts
    .getJSDocCommentsAndTags(node)
    .flatMap(({ comment }) => ts.getTextOfJSDocComment(comment) ?? [])
    .join(' ');
}
