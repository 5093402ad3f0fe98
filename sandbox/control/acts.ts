// What the page and a test in another process may ask for: acts of people, changes of the world, trouble.
import type { RequestFault, WebhookFault } from '../faults.ts';
import { required } from '../github/github.ts';
import { unprocessable } from '../github/problem.ts';
import { isObject, optionalBoolean, optionalText, optionalTexts, requiredText } from '../github/rest/json.ts';
import type { JsonObject } from '../github/rest/json.ts';
import type { Role } from '../github/rows.ts';
import { roleNamed } from '../github/access.ts';
import type { Sandbox } from '../server.ts';
import type { Person } from '../driver.ts';
import { openPullFor, proposeChange, pushToPull } from './propose.ts';

type Act = (person: Person, input: JsonObject, sandbox: Sandbox) => unknown;

const acts: Readonly<Record<string, Act>> = {
  openIssue: (person, input) => {
    const body = optionalText(input, 'body');
    const labels = optionalTexts(input, 'labels');
    return person.openIssue({
      title: text(input, 'title'),
      ...(body === undefined ? {} : { body }),
      ...(labels === undefined ? {} : { labels }),
      ...place(input),
    });
  },
  submitForm: (person, input) => {
    const title = optionalText(input, 'title');
    return person.submitForm(text(input, 'form'), answersIn(input), {
      ...(title === undefined ? {} : { title }),
      ...place(input),
    });
  },
  editIssue: (person, input) => {
    const title = optionalText(input, 'title');
    const body = optionalText(input, 'body');
    const change = { ...(title === undefined ? {} : { title }), ...(body === undefined ? {} : { body }) };
    return person.editIssue(number(input, 'number'), change, where(input));
  },
  closeIssue: (person, input) => person.closeIssue(number(input, 'number'), where(input)),
  reopenIssue: (person, input) => person.reopenIssue(number(input, 'number'), where(input)),
  deleteIssue: (person, input) => person.deleteIssue(number(input, 'number'), where(input)),
  transferIssue: (person, input) =>
    person.transferIssue(number(input, 'number'), text(input, 'to'), where(input)),
  labelIssue: (person, input) =>
    person.labelIssue(number(input, 'number'), optionalTexts(input, 'labels') ?? [], where(input)),
  comment: (person, input) => person.comment(number(input, 'number'), text(input, 'body'), where(input)),
  editComment: (person, input) => person.editComment(number(input, 'id'), text(input, 'body'), where(input)),
  deleteComment: (person, input) => person.deleteComment(number(input, 'id'), where(input)),
  reactToIssue: (person, input) =>
    person.reactToIssue(number(input, 'number'), text(input, 'content'), where(input)),
  reactToComment: (person, input) => person.reactToComment(number(input, 'id'), text(input, 'content')),
  pushFiles: (person, input) => {
    const branch = optionalText(input, 'branch');
    return person.pushFiles({
      message: text(input, 'message'),
      files: filesIn(input),
      reviewed: optionalBoolean(input, 'reviewed') ?? false,
      ...(branch === undefined ? {} : { branch }),
      ...place(input),
    });
  },
  openPullRequest: (person, input) =>
    person.openPullRequest({ title: text(input, 'title'), head: text(input, 'head'), ...place(input) }),
  proposeChange: (person, input, sandbox) =>
    proposeChange(sandbox, person, {
      title: text(input, 'title'),
      branch: text(input, 'branch'),
      from: text(input, 'from'),
      files: filesIn(input),
    }),
  openPullFor: (person, input, sandbox) =>
    openPullFor(sandbox, person, { branch: text(input, 'branch'), title: text(input, 'title') }),
  pushToPull: (person, input, sandbox) =>
    pushToPull(sandbox, person, {
      number: number(input, 'number'),
      message: text(input, 'message'),
      from: text(input, 'from'),
      files: filesIn(input),
    }),
  rerequestCheckRun: (person, input) => person.rerequestCheckRun(number(input, 'id'), where(input)),
  pressCheckAction: (person, input) =>
    person.pressCheckAction(number(input, 'id'), text(input, 'identifier'), where(input)),
  mergePullRequest: (person, input) => person.mergePullRequest(number(input, 'number'), where(input)),
  acceptInvitation: (person, input) => person.acceptInvitation(text(input, 'repository')),
};

export async function act(sandbox: Sandbox, input: JsonObject): Promise<unknown> {
  const name = text(input, 'do');
  const known = acts[name];
  if (!known) throw unprocessable(`No act is called ${name}. Known: ${Object.keys(acts).join(', ')}.`);
  if (sandbox.beside?.past?.progress().finished === false) {
    throw unprocessable(
      'The past is still being made, and only its people act in it. “That is enough” goes to today at once.',
    );
  }
  return (await known(sandbox.as(text(input, 'as')), input, sandbox)) ?? {};
}

type Change = (world: Sandbox['world'], input: JsonObject) => unknown;

const changes: Readonly<Record<string, Change>> = {
  addPerson: (world, input) =>
    world.addPerson({
      login: text(input, 'login'),
      id: number(input, 'id'),
      name: text(input, 'name'),
      ...(optionalBoolean(input, 'member') ? { member: 'member' } : {}),
    }),
  renamePerson: (world, input) => world.renamePerson(text(input, 'login'), text(input, 'to')),
  join: (world, input) => world.join(text(input, 'login')),
  leave: (world, input) => world.leave(text(input, 'login')),
  addTeam: (world, input) => world.addTeam(text(input, 'name'), optionalTexts(input, 'members') ?? []),
  joinTeam: (world, input) => world.joinTeam(text(input, 'team'), text(input, 'login')),
  leaveTeam: (world, input) => world.leaveTeam(text(input, 'team'), text(input, 'login')),
  makePublic: (world, input) => world.makePublic(where(input)),
  makePrivate: (world, input) => world.makePrivate(where(input)),
  archive: (world, input) => world.archive(where(input)),
  unarchive: (world, input) => world.unarchive(where(input)),
  renameRepository: (world, input) => world.renameRepository(text(input, 'name'), where(input)),
  dropRulesets: (world, input) => world.dropRulesets(where(input)),
  addCollaborator: (world, input) => world.addCollaborator(text(input, 'login'), role(input), where(input)),
  removeCollaborator: (world, input) => world.removeCollaborator(text(input, 'login'), where(input)),
  revokeTokens: (world) => world.revokeTokens(),
};

export function changeWorld(sandbox: Sandbox, input: JsonObject): unknown {
  const name = text(input, 'do');
  const known = changes[name];
  if (!known) throw unprocessable(`No change is called ${name}. Known: ${Object.keys(changes).join(', ')}.`);
  return known(sandbox.world, input) ?? {};
}

export function addFault(sandbox: Sandbox, input: JsonObject): void {
  const fault = webhookFault(input);
  if (fault) sandbox.faults.onWebhook(fault);
  else sandbox.faults.onRequest(requestFault(input));
}

function webhookFault(input: JsonObject): WebhookFault | undefined {
  if (optionalText(input, 'on') !== 'webhook') return undefined;
  const event = optionalText(input, 'event');
  const action = optionalText(input, 'action');
  const where = { ...(event ? { event } : {}), ...(action ? { action } : {}), ...howOften(input) };
  const kind = text(input, 'kind');
  if (kind === 'drop' || kind === 'duplicate' || kind === 'reorder') return { kind, ...where };
  if (kind === 'delay') return { kind, ms: number(input, 'ms'), ...where };
  throw unprocessable(`A webhook can be met with drop, duplicate, delay or reorder, not with ${kind}.`);
}

function requestFault(input: JsonObject): RequestFault {
  const method = optionalText(input, 'method');
  const path = optionalText(input, 'path');
  const body = optionalText(input, 'body');
  const app = optionalText(input, 'app');
  const where = {
    ...(method ? { method } : {}),
    ...(path ? { path } : {}),
    ...(body ? { body } : {}),
    ...(app ? { app } : {}),
    ...howOften(input),
  };
  const kind = text(input, 'kind');
  switch (kind) {
    case 'delay':
      return { kind, ms: number(input, 'ms'), ...where };
    case 'error':
      return {
        kind,
        status: input['status'] === 502 ? 502 : 500,
        performed: optionalBoolean(input, 'performed') ?? false,
        ...where,
      };
    case 'answer-lost':
    case 'reset':
      return { kind, ...where };
    case 'too-many-requests':
    case 'secondary-limit':
      return { kind, retryAfterSeconds: number(input, 'retryAfterSeconds'), ...where };
    case 'primary-limit':
      return { kind, resetInSeconds: number(input, 'resetInSeconds'), ...where };
    default:
      throw unprocessable(`The sandbox knows no trouble called ${kind}.`);
  }
}

function howOften(input: JsonObject): { readonly times?: number; readonly probability?: number } {
  const { times, probability } = input;
  return {
    ...(typeof times === 'number' ? { times } : {}),
    ...(typeof probability === 'number' ? { probability } : {}),
  };
}

function text(input: JsonObject, field: string): string {
  return requiredText(input, field, 'Sandbox');
}

function number(input: JsonObject, field: string): number {
  const value = input[field];
  if (typeof value === 'number') return value;
  throw unprocessable(`${field} must be a number.`);
}

function where(input: JsonObject): string | undefined {
  return optionalText(input, 'repository');
}

function place(input: JsonObject): { readonly repository?: string } {
  const repository = where(input);
  return repository === undefined ? {} : { repository };
}

function role(input: JsonObject): Role {
  return required(roleNamed(text(input, 'role')));
}

function answersIn(input: JsonObject): Readonly<Record<string, string | readonly string[]>> {
  const answers = isObject(input['answers']) ? input['answers'] : {};
  return Object.fromEntries(
    Object.entries(answers).map(([key, value]) => [
      key,
      Array.isArray(value) ? value.map(String) : String(value ?? ''),
    ]),
  );
}

function filesIn(input: JsonObject): Readonly<Record<string, string | null>> {
  const files = isObject(input['files']) ? input['files'] : {};
  for (const path of Object.keys(files))
    if (path.split('/').some((part) => /^(\.{0,2}|\.git)$/i.test(part)))
      throw unprocessable('tree.path contains a malformed path component');
  return Object.fromEntries(
    Object.entries(files).map(([path, value]) => [path, value === null ? null : String(value)]),
  );
}
