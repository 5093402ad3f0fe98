// What granting and taking back need of integrations and people, as the desk's files are by then.
import type { Account, PersonId } from '../../domain/names.ts';
import { liveGrant, openMatter, type Request } from '../../domain/request.ts';
import type { Desk } from '../desk.ts';
import { peopleFile, settingsFile } from './change.ts';
import { contentOf, isSame } from './compare-parts.ts';
import { accountsOf } from './compare-people.ts';
import { isToBeGranted, many, type Need } from './need.ts';
import { secretUses } from './secret-uses.ts';

export function needsOfGrant(request: Request, before: Desk, after: Desk): readonly Need[] {
  return [
    ...goneIntegration(request, before, after),
    ...oldSecrets(request, before, after),
    ...gonePeople(request, before, after),
    ...movedAccounts(request, before, after),
  ];
}

/** Granting reads the integration as it is by then. */
function goneIntegration(request: Request, before: Desk, after: Desk): readonly Need[] {
  const name = request.policy.strategy?.integration;
  if (name === undefined || liveGrant(request) !== undefined || !isToBeGranted(request)) return [];
  if (!before.settings?.integrations.has(name) || after.settings === undefined) return [];
  if (after.settings.integrations.has(name)) return [];
  return [
    {
      kind: 'integration',
      loud: true,
      file: settingsFile,
      request,
      about: name,
      say: (count) =>
        `${many(count, 'request')} could not be granted any more once the integration ${name} is gone: an approval would fail.`,
    },
  ];
}

/**
 * Taking back goes by the integration that leads to the same thing: where the files have none any more, by the one that
 * was recorded, or else by that of the request's commit. Its secret is the operator's to grant.
 */
function oldSecrets(request: Request, before: Desk, after: Desk): readonly Need[] {
  const grant = liveGrant(request);
  const name = grant?.strategy.integration;
  if (grant === undefined || name === undefined || after.settings === undefined) return [];
  const then = before.settings?.integrations.get(name);
  const now = after.settings.integrations.get(name);
  if (isSame(then, now)) return [];
  const settings = grant.integration ?? then?.settings;
  if (settings === undefined) return [];
  const goesTo = new Set(now ? secretUses(now).map(({ to }) => to) : []);
  return secretUses({ type: '', settings })
    .filter(({ to }) => !goesTo.has(to))
    .map(({ secret, to }) => ({
      kind: 'secret',
      loud: true,
      file: settingsFile,
      request,
      about: `${secret} ${to}`,
      say: (count) =>
        `Access by ${many(count, 'request')} can only be taken back with the secret ${secret} at ${to}, as it was granted: whoever runs Countersign has to leave that secret granted until the access has ended.`,
    }));
}

function gonePeople(request: Request, before: Desk, after: Desk): readonly Need[] {
  const { people } = after;
  if (people === undefined) return [];
  const { person } = request.requester;
  const needs: Need[] = [];
  const base = { kind: 'person', file: peopleFile, request } as const;
  if (before.people?.persons.has(person) && !people.persons.has(person)) {
    if (liveGrant(request) !== undefined)
      needs.push({
        ...base,
        loud: true,
        about: `live ${person}`,
        say: (count) =>
          `${person} has access by ${many(count, 'request')}, which does not end by leaving people.yml: it lasts until its time is up or somebody revokes it.`,
      });
    else if (isToBeGranted(request))
      needs.push({
        ...base,
        loud: true,
        about: `open ${person}`,
        say: (count) =>
          `${many(count, 'request')} of ${person} could not be granted any more: an approval would fail, since nobody knows their account.`,
      });
  }
  return [...needs, ...lostApprovals(request, before, after)];
}

/** Who counts is judged by the links as they are. */
function lostApprovals(request: Request, before: Desk, after: Desk): readonly Need[] {
  return approvalsOf(request, before).flatMap(({ account, person }): readonly Need[] => {
    const now = after.people?.byAccount.get(account);
    if (now === person) return [];
    return [
      {
        kind: now === undefined ? 'person' : 'account',
        loud: true,
        file: peopleFile,
        request,
        about: `approval ${person} ${now ?? ''}`,
        say: (count) =>
          now === undefined
            ? `The approval of ${person} no longer counts for ${many(count, 'open request')}: somebody else has to approve.`
            : `What ${person} approved of ${many(count, 'open request')} would count as approved by ${now}.`,
      },
    ];
  });
}

function approvalsOf(
  request: Request,
  { people }: Desk,
): readonly { readonly account: Account; readonly person: PersonId }[] {
  const open = openMatter(request);
  return (open?.matter.approvals ?? []).flatMap(({ account }) => {
    const person = people?.byAccount.get(account);
    return person === undefined ? [] : [{ account, person }];
  });
}

/** What is granted goes to the account that a person has by then; what was granted is taken from the one that has it. */
function movedAccounts(request: Request, before: Desk, after: Desk): readonly Need[] {
  const { person, via } = request.requester;
  const [was, is] = [before.people?.persons.get(person), after.people?.persons.get(person)];
  if (was === undefined || is === undefined) return [];
  const identity = (one: typeof was): string => contentOf([accountsOf(one).map(({ key }) => key), one.email]);
  const base = { kind: 'account', file: peopleFile, request } as const;
  const needs: Need[] = [];
  if (identity(was) !== identity(is)) {
    if (liveGrant(request) !== undefined)
      needs.push({
        ...base,
        loud: false,
        about: `live ${person}`,
        say: (count) =>
          `Access by ${many(count, 'request')} of ${person} is taken back from the account that has it, and not from the one that ${person} has then.`,
      });
    else if (isToBeGranted(request))
      needs.push({
        ...base,
        loud: true,
        about: `open ${person}`,
        say: (count) =>
          `${many(count, 'request')} of ${person} would be granted to whatever account people.yml gives ${person} then.`,
      });
  }
  const owner = after.people?.byAccount.get(via.account);
  if (owner !== undefined && owner !== person && before.people?.byAccount.get(via.account) === person)
    needs.push({
      ...base,
      loud: true,
      about: `asker ${person} ${owner}`,
      say: (count) =>
        `${owner} would count as whoever asked, besides ${person}, for ${many(count, 'open request')}.`,
    });
  return needs;
}
