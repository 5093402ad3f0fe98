// REST: people, the rate limit, repositories by id, and Markdown.
import { roleIn } from '../access.ts';
import { fullUser } from '../bodies/account.ts';
import { fullRepository } from '../bodies/repository.ts';
import { notFound } from '../problem.ts';
import { renderMarkdown } from '../../markdown.ts';
import { optionalText, requiredText } from './json.ts';
import { numberParam, ok, param, route } from './route.ts';
import type { Route } from './route.ts';

export const peopleRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/users/:username',
    scope: 'anyone',
    answer: (call) => {
      const account = call.github.account(param(call, 'username'));
      if (!account) throw notFound();
      return ok(fullUser(call.github, account));
    },
  }),
  route({
    method: 'GET',
    path: '/user/:account_id{[0-9]+}',
    scope: 'anyone',
    answer: (call) => ok(fullUser(call.github, call.github.accountById(numberParam(call, 'account_id')))),
  }),
  route({
    method: 'GET',
    path: '/user',
    scope: 'token',
    answer: (call) => ok(fullUser(call.github, call.actor.account)),
  }),
  route({
    method: 'GET',
    path: '/repositories/:repository_id{[0-9]+}',
    scope: 'token',
    permissions: [{ metadata: 'read' }],
    answer: (call) => {
      const { caller, github, actor } = call;
      const row = github.repositoryById(numberParam(call, 'repository_id'));
      const role = roleIn(github, row, actor.account);
      const chosen = caller.kind === 'installation' && caller.installation.account_id === row.owner_id;
      const inScope = chosen && (caller.token.repository_ids?.includes(row.id) ?? true);
      if (!inScope && role === 'none') throw notFound();
      return ok(fullRepository(github, row, role));
    },
  }),
  route({
    method: 'POST',
    path: '/markdown',
    scope: 'anyone',
    answer: (call) => ({
      status: 200,
      raw: renderMarkdown(
        requiredText(call.body, 'text', 'Markdown'),
        optionalText(call.body, 'context') ?? '',
      ),
      headers: { 'content-type': 'text/html;charset=utf-8' },
    }),
  }),
];
