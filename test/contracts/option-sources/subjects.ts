// What the contract of option sources needs of each service: the embedded GitHub, a service over HTTP, and the AWS double.
import type { GitHubApp } from '../../../src/clients/github/github-app.ts';
import { openCode } from '../../../src/app/open-code.ts';
import { instant } from '../../../src/domain/names.ts';
import type { Clock } from '../../../src/engine/ports/clock.ts';
import { testOutside } from '../../outside.ts';
import { createVirtualClock } from '../../virtual-clock.ts';
import type { OptionSourceSubject } from '../option-source.ts';
import { awsParts, openAwsWorld, account, integration, region } from '../strategies/aws-double-parts.ts';
import { anApp, createQuickClock, openWorld } from '../strategies/subject-parts.ts';
import type { Trouble } from '../strategy.ts';

const noGitHub: Pick<GitHubApp, 'forOrganization'> = {
  forOrganization: async () => {
    throw new Error('GitHub is not asked here.');
  },
};

export async function githubSubject(): Promise<OptionSourceSubject> {
  const { sandbox, wire, parts, close } = await openWorld();
  const network = troubled(wire.fetch, (url) => /\/branches(\?|$)/.test(url));
  return {
    parts: {
      outside: parts.outside,
      integrations: async () => [],
      github: anApp('', {
        url: sandbox.url,
        environment: sandbox.environment(),
        fetch: network.fetch,
        clock: parts.clock,
      }),
    },
    source: { run: 'github', encoded: ['repository'] },
    with: { list: 'branches', organization: 'acme', repository: '${{ fields.which }}' },
    which: 'app',
    options: [{ value: 'main', label: 'main' }],
    nowhere: 'no-such-repository',
    secrets: [sandbox.url],
    asked: network.asked,
    trouble: network.trouble,
    close,
  };
}

const token = 'token-4711-of-the-inventory';

export async function httpSubject(): Promise<OptionSourceSubject> {
  const network = troubled(inventory, () => true);
  const clock = createVirtualClock();
  return {
    parts: {
      outside: testOutside({ clock, fetch: network.fetch, secret: () => token }),
      integrations: async () => [
        { type: 'http', base_url: 'https://inventory.acme.com/v1', token: '${{ secrets.INVENTORY }}' },
      ],
      github: noGitHub,
    },
    source: { run: 'http', integration: 'inventory', encoded: ['path'] },
    with: {
      path: '/racks/${{ fields.which }}/servers',
      items: 'data.servers',
      value: 'id',
      label: 'about.name',
    },
    which: 'north 1',
    options: [
      { value: '7', label: 'Seven of nine' },
      { value: 'db-2', label: 'db-2' },
    ],
    nowhere: 'no-such-rack',
    secrets: [token, 'inventory.acme.com'],
    asked: network.asked,
    trouble: network.trouble,
    close: async () => undefined,
  };
}

/** It knows one rack and one token, and nothing else. */
const inventory: Fetch = async (input, init) => {
  if (new Headers(init?.headers).get('authorization') !== `Bearer ${token}`)
    return Response.json({ message: 'Who are you?' }, { status: 401 });
  if (String(input) !== 'https://inventory.acme.com/v1/racks/north%201/servers' || init?.method !== 'GET')
    return Response.json({ message: `There is no ${String(input)}` }, { status: 404 });
  const servers = [{ id: 7, about: { name: 'Seven\n of nine' } }, { id: 'db-2' }];
  return Response.json({ data: { servers } });
};

export async function lambdaSubject(): Promise<OptionSourceSubject> {
  const world = await openAwsWorld({ type: 'aws-lambda', service: 'lambda', writing: /^Invoke$/ });
  world.aws.lambda.add({
    ...{ account, region, name: 'database-access', qualifiers: ['live'] },
    handler: (event) => {
      if (JSON.stringify(event) !== '{"kind":"postgres","for":"ann"}')
        throw new Error('There is no such kind.');
      return [{ value: 'orders', label: 'Orders' }, 'stock'];
    },
  });
  return {
    parts: {
      outside: awsParts(world, { clock: createQuickClock(), people: [] }).outside,
      integrations: async () => [integration],
      github: noGitHub,
    },
    source: { run: 'lambda', integration: 'main' },
    with: {
      function_name: 'database-access:live',
      payload: { kind: '${{ fields.which }}', for: '${{ requester.id }}' },
    },
    which: 'postgres',
    options: [
      { value: 'orders', label: 'Orders' },
      { value: 'stock', label: 'stock' },
    ],
    nowhere: 'no-such-kind',
    secrets: [world.keys.secretAccessKey, 'There is no such kind'],
    asked: world.writes,
    trouble: world.trouble,
    close: world.close,
  };
}

const racks = `
import { http, secret, type Prefetch } from 'countersign/sdk';

export const servers: Prefetch = async ({ requester, input }) => {
  if (requester.id !== 'ann') return [];
  const { ok, status, json } = await http({
    url: 'https://inventory.acme.com/v1/racks/' + encodeURIComponent(String(input['rack'])) + '/servers',
    headers: { authorization: \`Bearer \${secret('INVENTORY')}\` },
  });
  if (!ok) throw new Error('The inventory of inventory.acme.com said ' + status);
  const { data } = json as { data: { servers: { id: string | number; about?: { name: string } }[] } };
  return data.servers.map(({ id, about }) => (about ? { value: id, label: about.name } : { value: id }));
};
`;

export async function codeSubject(): Promise<OptionSourceSubject> {
  const network = troubled(inventory, () => true);
  const clock = realTime;
  const desk = { commit: 'c0ffee', flows: new Map(), diagnostics: [], code: { 'flows/racks.ts': racks } };
  const outside = testOutside({ clock, fetch: network.fetch, secret: () => token });
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const half = openCode(
    { clock, log, fetch: globalThis.fetch },
    {
      desks: { desk: async () => desk, at: async () => desk },
      directory: { belongs: async () => false },
      outside,
      github: { app: notAsked, forRepository: notAsked, forRepositoryId: notAsked },
      settings: { baseUrl: 'https://api.github.test', codeRepositories: [] },
      store: { bookmark: async () => undefined, setBookmark: async () => undefined },
    },
  );
  return {
    parts: { outside, integrations: async () => [], github: noGitHub, code: half.options },
    source: { run: 'code' },
    with: {
      file: 'racks.ts',
      function: 'servers',
      hosts: ['inventory.acme.com'],
      input: { rack: '${{ fields.which }}' },
    },
    which: 'north 1',
    options: [
      { value: '7', label: 'Seven of nine' },
      { value: 'db-2', label: 'db-2' },
    ],
    nowhere: 'no-such-rack',
    secrets: [token, 'inventory.acme.com'],
    asked: network.asked,
    trouble: network.trouble,
    close: () => half.rooms.stop(),
  };
}

function notAsked(): never {
  throw new Error('Options have nothing to do with that.');
}

const realTime: Clock = {
  now: () => instant(Date.now()),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      signal?.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
    }),
};

type Fetch = typeof globalThis.fetch;

/** What is asked for the list meets the trouble; all else goes through. */
function troubled(
  through: Fetch,
  isList: (url: string) => boolean,
): { readonly fetch: Fetch; asked(): number; trouble(kind: Trouble | undefined): void } {
  let trouble: Trouble | undefined;
  let asked = 0;
  return {
    async fetch(input, init) {
      const url = String(input);
      if (!isList(url)) return through(input, init);
      asked += 1;
      if (trouble === 'hang')
        return new Promise((_, reject) => {
          init?.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
        });
      if (typeof trouble === 'object')
        return Response.json({ message: `Refused ${url}` }, { status: trouble.status });
      if (trouble === 'answer-lost') throw new TypeError(`The connection to ${url} broke.`);
      return through(input, init);
    },
    asked: () => asked,
    trouble(kind) {
      trouble = kind;
    },
  };
}
