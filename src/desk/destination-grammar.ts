// Where somebody can be told, as the files of a desk write it: one place, or the list of routes that goes from one to the next.
import { parseDuration, printDuration } from '../domain/duration.ts';
import type { Route } from '../domain/flow.ts';
import { destination, personId, type Destination } from '../domain/names.ts';
import type { Place, Report } from './diagnostic.ts';
import { channelForm, type KnownPeople } from './group-grammar.ts';
import { nearest } from './nearest.ts';
import type { RouteFile } from './schema/notify-schema.ts';

/** Where destinations are named. */
export interface DestinationContext {
  readonly people: KnownPeople;
  readonly report: Report;
}

const emailForm = /^[^@\s,<>]{1,64}@[^@\s,<>]{1,189}$/;
const workspaceForm = /^[TE][A-Z0-9]{5,20}$/;

/** The places that are one word, and those that are a kind and who or what it is. */
const words = ['origin', 'requester', 'github'] as const;
const kinds = ['slack-channel', 'person', 'manager', 'email'] as const;

const wanted =
  'write slack-channel:NAME, person:NAME, manager:requester, email:ADDRESS, origin, requester or github';

/** Kinds of groups that are no places: there is nobody who is told for all of them. */
const groupKinds: ReadonlySet<string> = new Set([
  ...['team', 'role', 'codeowners', 'slack-group', 'guest', 'okta-group', 'google-group'],
]);

/** Words of the language that this version cannot tell anybody by yet. */
const later: ReadonlySet<string> = new Set(['pagerduty-schedule', 'pagerduty-escalation-policy']);

/** Words of other tools. */
const renamed: Readonly<Record<string, (typeof kinds)[number]>> = {
  channel: 'slack-channel',
  slack: 'slack-channel',
  user: 'person',
  dm: 'person',
  people: 'person',
  mail: 'email',
  'e-mail': 'email',
  mailto: 'email',
};

/** Undefined where the report says what is wrong, or where it is full. */
export function readDestination(
  text: string,
  place: Place,
  context: DestinationContext,
): Destination | undefined {
  const { report } = context;
  if (report.isFull) return undefined;
  if (words.some((word) => word === text)) return destination(text);
  const colon = text.indexOf(':');
  const [kind, id] = [text.slice(0, Math.max(colon, 0)), text.slice(colon + 1)];
  if (later.has(kind)) {
    report.add(place, 'not-built', `To tell “${kind}”`);
    return undefined;
  }
  if (groupKinds.has(kind)) {
    report.add({ ...place, suggestion: 'github' }, 'destination-group', text);
    return undefined;
  }
  if (!kinds.some((known) => known === kind)) {
    const suggestion = meant(text, { kind, id }, context);
    report.add({ ...place, suggestion }, 'destination-form', text, wanted);
    return undefined;
  }
  return isPlace(kind, id, place, context) ? destination(text) : undefined;
}

/** Of a kind that there is. */
function isPlace(kind: string, id: string, place: Place, context: DestinationContext): boolean {
  const { people, report } = context;
  const refuse = (wants: string, suggestion?: string): false => {
    report.add({ ...place, suggestion }, 'destination-form', `${kind}:${id}`, `write ${wants}`);
    return false;
  };
  switch (kind) {
    case 'slack-channel': {
      const bare = id.trim().replace(/^#/, '');
      return (
        isChannel(id) ||
        refuse(
          'slack-channel:NAME, without the #, or its id; before it, T…/ of another workspace',
          bare !== id && isChannel(bare) ? `slack-channel:${bare}` : undefined,
        )
      );
    }
    case 'person': {
      if (people === undefined || people.has(personId(id))) return true;
      const close = nearest(id, people);
      const inner = { ...place, offset: (place.offset ?? 0) + kind.length + 1 };
      report.add({ ...inner, suggestion: close && `person:${close}` }, 'unknown-person', id);
      return false;
    }
    case 'manager':
      return id === 'requester' || refuse('manager:requester', 'manager:requester');
    default:
      return emailForm.test(id) || refuse('email:ADDRESS, as in email:security@acme.com');
  }
}

function isChannel(id: string): boolean {
  const [workspace = '', channel] = id.split('/');
  if (channel === undefined) return channelForm.test(id);
  return id.split('/').length === 2 && workspaceForm.test(workspace) && channelForm.test(channel);
}

/** `#access` is a channel, `@bob` a person, `a@b.c` an address. */
function meant(
  text: string,
  { kind, id }: { readonly kind: string; readonly id: string },
  { people }: DestinationContext,
): string | undefined {
  if (kind !== '') {
    const known = Object.hasOwn(renamed, kind) ? renamed[kind] : nearest(kind, kinds);
    const bare = id.trim().replace(/^[#@]/, '');
    return known && !bare.includes(',') ? `${known}:${bare}` : undefined;
  }
  const bare = text.trim().replace(/^[#@]/, '');
  const isPerson = people?.has(personId(bare)) ?? false;
  if (text.startsWith('#')) return isChannel(bare) ? `slack-channel:${bare}` : undefined;
  if (text.startsWith('@') || isPerson) {
    const close = isPerson ? bare : people && nearest(bare, people);
    return close && `person:${close}`;
  }
  if (emailForm.test(text)) return `email:${text}`;
  return nearest(text, words) ?? (isChannel(text) ? `slack-channel:${text}` : undefined);
}

/** Undefined where none is written, or the report says what is wrong. */
export function readErrorChannel(
  text: string | undefined,
  at: string,
  context: DestinationContext,
): Destination | undefined {
  const channel = text === undefined ? undefined : readDestination(text, { at }, context);
  if (channel === undefined || channel.startsWith('slack-channel:')) return channel;
  context.report.add({ at }, 'destination-form', channel, 'errors go to a channel, slack-channel:NAME');
  return undefined;
}

/** Each item of the list is a route; those are left out that were reported. */
export function readRoutes(
  list: readonly RouteFile[],
  at: string,
  context: DestinationContext,
): readonly Route[] {
  const routes = list.flatMap((item, index) => readRoute(item, `${at}/${index}`, context) ?? []);
  let last = 0;
  for (const [index, { after }] of routes.entries()) {
    if (after === undefined) continue;
    if (after < last) context.report.add({ at: `${at}/${index}/after` }, 'route-order', printDuration(last));
    last = after;
  }
  return routes;
}

function readRoute(item: RouteFile, at: string, context: DestinationContext): Route | undefined {
  if (typeof item === 'string') {
    const to = readDestination(item, { at }, context);
    return to && { to: [to] };
  }
  const { report } = context;
  const list = typeof item.to === 'string' ? [item.to] : item.to;
  const placed = (index: number): string => (typeof item.to === 'string' ? `${at}/to` : `${at}/to/${index}`);
  const to = list.flatMap((text, index) => readDestination(text, { at: placed(index) }, context) ?? []);
  if (to.length < list.length) return undefined;
  const after = item.after === undefined ? undefined : parseDuration(item.after);
  const delay = after === undefined ? {} : { after };
  if (item.together !== true) return { to, ...delay };
  const isOfPeople = to.length >= 2 && to.length <= 8 && to.every((each) => each.startsWith('person:'));
  if (!isOfPeople) {
    report.add({ at: `${at}/to` }, 'together-people');
    return undefined;
  }
  return {
    to: [destination(`people:${to.map((each) => each.slice('person:'.length)).join(',')}`)],
    ...delay,
  };
}
