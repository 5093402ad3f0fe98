// Access that a desk's own code gives and takes, in the sandbox: what it answers is believed no further than a service would be.
import { httpIntegration } from '../../clients/http/http-integration.ts';
import type { Settings } from '../../domain/flow.ts';
import { Failure } from '../../engine/ports/failure.ts';
import { none, type AccountCall, type Call, type Identified, type Strategy } from '../strategy.ts';
import { answersOf, type Answers, type Description } from './answers.ts';
import { createProgram, type Program } from './program.ts';
import { withoutValues } from './without-values.ts';

const settings = {
  type: 'object',
  maxProperties: 50,
  additionalProperties: true,
  description: 'Whatever the code of the strategy wants to be told.',
} as const;

/** One answer of the code takes at most 16 seconds, and taking back may have to ask two versions of it. */
const patienceMs = 150_000;

const common = { type: 'custom', service: 'The service', settings, patienceMs } as const;

export const custom: Strategy = {
  ...common,
  integration: httpIntegration,
  /** Those of the code are asked for in `versions`. */
  order: [none],

  versions: [ofRequest, ofNow],

  wanted: () => none,
  identify: async () => notLoaded(),
  resource: async () => notLoaded(),
  read: async () => notLoaded(),
  set: async () => notLoaded(),
};

function notLoaded(): never {
  throw new Error('A custom strategy is asked by one of its versions.');
}

interface Loaded {
  readonly program: Program;
  readonly answers: Answers;
  readonly description: Description;
}

function ofRequest(call: Call): Promise<Strategy> {
  return load(call, 'the commit of the request');
}

function ofNow(call: Call): Promise<Strategy> {
  return load(call, 'now');
}

async function load(call: Call, at: 'the commit of the request' | 'now'): Promise<Strategy> {
  const { code } = call;
  if (code === undefined)
    throw new Failure('The flow does not say which code its strategy is.', { transient: false });
  const program = createProgram(code, at === 'now' ? undefined : code.commit);
  const answers = answersOf(program);
  const description = answers.describe(await program.ask(call, 'describe'));
  const wanted = answers.holding('wanted', await program.ask(call, 'wanted'), description.order);
  const loaded = { program, answers, description };
  return {
    ...common,
    ...(call.integrationName !== undefined && { integration: httpIntegration }),
    order: description.order,
    wanted: () => wanted,
    seals: () => description.seals,
    isApart: () => description.seals,
    /** Whether it does, nobody knows. To set the same twice does no harm, and not to set it may leave a grant standing. */
    readsLate: true,
    identify: ({ person, ...place }) => identify(place, person, loaded),
    resource: (place) => resourceOf(place, loaded),
    // What was granted is taken back by what granted it, whether or not the thing is found again. Other code has to find it.
    leadsTo: async ({ resource, ...place }) =>
      at === 'now'
        ? isSame(await resourceOf(place, loaded), resource)
        : resource.startsWith(prefixOf(place, program)),
    read: (place) => read(place, loaded),
    set: async (place, holding) => {
      const { purpose, request, sealed } = place;
      const answer = await program.ask(place, 'set', {
        input: { ...whatOf(place, program), holding, purpose, request, sealed },
      });
      const output = answers.set(answer, description);
      return {
        ...output,
        ...(output.recorded && { recorded: withoutSeals(output.recorded, { ...sealed, ...output.sealed }) }),
      };
    },
  };
}

async function identify(
  place: Call,
  person: Parameters<Strategy['identify']>[0]['person'],
  { program, answers, description }: Loaded,
): Promise<Identified> {
  if (!description.identifies)
    return place.using.account(person, {
      key: keyOf(program),
      name: 'The service',
      wants: 'their account in the service',
      ...(place.integrationName !== undefined && { integration: place.integrationName }),
    });
  const answer = await program.ask(place, 'identify', { person: person.id });
  const account = answers.found('identify', 'account', answer);
  return 'found' in account
    ? { account: account.found }
    : { missing: 'no-identity', why: shown(account.missing, place) };
}

/** As people.yml may spell a service: `flows/hr/Seats_2.ts` is `seats-2`. */
function keyOf({ file }: Program): string {
  return file
    .replace(/^.*\/|\.ts$/g, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
}

type Found = Awaited<ReturnType<Strategy['resource']>>;

async function resourceOf(place: Call, { program, answers }: Loaded): Promise<Found> {
  const thing = answers.found('resource', 'resource', await program.ask(place, 'resource'));
  return 'found' in thing
    ? { resource: `${prefixOf(place, program)}${thing.found}` }
    : { missing: 'impossible', why: shown(thing.missing, place) };
}

function isSame(found: Found, resource: string): boolean {
  return 'resource' in found && found.resource === resource;
}

async function read(
  place: AccountCall,
  { program, answers, description }: Loaded,
): ReturnType<Strategy['read']> {
  const answer = await program.ask(place, 'read', { input: whatOf(place, program) });
  const holds = answers.read(answer, description.order);
  return holds === 'unreadable' ? holds : { holds };
}

/** As the code itself named them. */
function whatOf(
  place: AccountCall,
  program: Program,
): { readonly account: string; readonly resource: string } {
  const prefix = prefixOf(place, program);
  if (!place.resource.startsWith(prefix))
    throw new Failure(`${program.file} is asked of a thing that it gives no access to.`, {
      transient: false,
    });
  return { account: place.account, resource: place.resource.slice(prefix.length) };
}

/** No other desk, no other file and no other strategy makes a key that begins so. */
function prefixOf({ desk, integration, integrationName }: Call, { file }: Program): string {
  const { base_url: base } = integration;
  const there = integrationName === undefined ? '' : `@${String(base)}`;
  return `custom:${desk}/${file.slice('flows/'.length)}${there} `;
}

function shown(why: string, { settings: told, integration }: Call): string {
  return withoutValues(why, { settings: told, integration });
}

/** What is sealed is not recorded in plain words beside it. */
function withoutSeals(recorded: { readonly [name: string]: string }, sealed: Settings): typeof recorded {
  return Object.fromEntries(
    Object.entries(recorded).map(([name, text]) => [name, withoutValues(text, sealed)]),
  );
}
