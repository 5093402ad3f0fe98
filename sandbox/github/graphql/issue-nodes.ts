// An issue and its comments in GraphQL: the one place where GitHub says whether a text was ever edited.
import type { GitHub } from '../github.ts';
import { html, nodeId } from '../links.ts';
import type { AccountRow, CommentRow, IssueRow } from '../rows.ts';
import { issueKey } from '../state.ts';

type Node = Readonly<Record<string, unknown>>;

export function issueNode(github: GitHub, row: IssueRow): Node {
  const repository = github.repositoryById(row.repository_id);
  return {
    __typename: 'Issue',
    id: nodeId('issue', row.repository_id, row.id),
    databaseId: row.id,
    fullDatabaseId: String(row.id),
    number: row.number,
    title: row.title,
    body: row.body ?? '',
    state: row.state.toUpperCase(),
    url: html(github.links, `/${github.fullName(repository)}/issues/${row.number}`),
    author: authorNode(github.accountById(row.user_id)),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    lastEditedAt: row.edited_at ?? null,
    timelineItems: ({ itemTypes }: TimelineArgs) => timeline(row, itemTypes),
    comments: (args: PageArgs) =>
      page(github.state.comments.in(issueKey(row.repository_id, row.number)), args, commentNode(github)),
  };
}

function commentNode(github: GitHub): (row: CommentRow) => Node {
  return (row) => ({
    __typename: 'IssueComment',
    id: nodeId('comment', row.repository_id, row.id),
    databaseId: row.id,
    fullDatabaseId: String(row.id),
    body: row.body,
    author: authorNode(github.accountById(row.user_id)),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    lastEditedAt: row.edited_by_id === undefined ? null : row.updated_at,
  });
}

interface TimelineArgs {
  readonly itemTypes?: readonly string[] | null;
}

/** Of all that happens to an issue, this world keeps only that it came from elsewhere. */
function timeline(
  { id, repository_id, transferred_at }: IssueRow,
  itemTypes: TimelineArgs['itemTypes'],
): Node {
  const isAsked = itemTypes?.includes('TRANSFERRED_EVENT') ?? true;
  const node = {
    __typename: 'TransferredEvent',
    id: nodeId('issue', repository_id, id),
    createdAt: transferred_at,
  };
  const nodes = transferred_at !== undefined && isAsked ? [node] : [];
  return { totalCount: nodes.length, nodes };
}

/** An app's login has no `[bot]` here, unlike in REST. */
function authorNode({ id, login, type }: AccountRow): Node {
  return {
    __typename: type === 'Bot' ? 'Bot' : 'User',
    login: login.replace(/\[bot\]$/, ''),
    databaseId: id,
  };
}

interface PageArgs {
  readonly first?: number | null;
  readonly after?: string | null;
}

function page<Row extends { readonly id: number }>(
  rows: readonly Row[],
  { first, after }: PageArgs,
  toNode: (row: Row) => Node,
): Node {
  const rest = after ? rows.filter(({ id }) => id > Number(atob(after))) : rows;
  const shown = rest.slice(0, first ?? 100);
  const last = shown.at(-1);
  return {
    totalCount: rows.length,
    nodes: shown.map(toNode),
    pageInfo: {
      hasNextPage: rest.length > shown.length,
      endCursor: last === undefined ? null : btoa(String(last.id)),
    },
  };
}
