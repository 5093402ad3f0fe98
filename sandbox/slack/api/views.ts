// The views methods: forms and App Home, with the checks that come before they are shown.
import { isJson, type Json } from '../json.ts';
import { viewBody } from '../bodies.ts';
import { checkView } from '../limits/view.ts';
import { SlackProblem } from '../problem.ts';
import type { AppRow, ViewRow } from '../rows.ts';
import { openModal, publishHome, pushModal, replaceView, viewsOf } from '../modals.ts';
import { acquaintance } from '../sight.ts';
import type { World } from '../world.ts';
import { tier4, type Call, type Method } from './method.ts';

const open: Method = {
  name: 'views.open',
  scopes: [],
  token: 'bot',
  rate: tier4,
  run(call) {
    const { world, app, args } = call;
    const content = contentOf(call, 'modal');
    const { user } = world.triggers.use(args.needed('trigger_id'), app.id);
    return { view: viewBody(app, openModal(world, app, user, content)) };
  },
};

const push: Method = {
  name: 'views.push',
  scopes: [],
  token: 'bot',
  rate: tier4,
  run(call) {
    const { world, app, args } = call;
    const content = contentOf(call, 'modal');
    const { user, view } = world.triggers.use(args.needed('trigger_id'), app.id);
    const below = view === null ? undefined : world.state.views.get(view);
    if (!below || below.type !== 'modal') throw new SlackProblem('not_found');
    return { view: viewBody(app, pushModal(world, app, user, content)) };
  },
};

const update: Method = {
  name: 'views.update',
  scopes: [],
  token: 'bot',
  rate: tier4,
  run(call) {
    const { world, app, args } = call;
    const id = args.text('view_id');
    const external = args.text('external_id');
    const row = world.state.views.find(
      (view) =>
        view.app_id === app.id &&
        (id === undefined
          ? external !== undefined && view.content['external_id'] === external
          : view.id === id),
    );
    if (!row) throw new SlackProblem('not_found');
    const content = contentOf(call, row.type, row);
    checkHash(args.text('hash'), row);
    return { view: viewBody(app, replaceView(world, row, content)) };
  },
};

const publish: Method = {
  name: 'views.publish',
  scopes: [],
  token: 'bot',
  rate: { calls: 10, perMs: 60_000, by: 'user_id', inAllPerMinute: 100 },
  run(call) {
    const { world, app, args } = call;
    const user = world.state.users.get(args.needed('user_id'));
    // A person of another workspace has no App Home of this app.
    if (!user || acquaintance(world.state, app, user) === 'unknown') {
      throw new SlackProblem('user_not_found');
    }
    if (user.team_id !== app.team_id) throw new SlackProblem('not_enabled');
    const content = contentOf(call, 'home');
    const [known] = viewsOf(world, user.id, app.id, 'home');
    if (known) checkHash(args.text('hash'), known);
    return { view: viewBody(app, publishHome(world, app, user.id, content)) };
  },
};

export const viewMethods: readonly Method[] = [open, push, update, publish];

function contentOf({ world, app, args }: Call, type: 'modal' | 'home', replaces?: ViewRow): Json {
  const content = args.json('view', 'invalid_arguments');
  throwIfWrong(world, app, { content, type, ...(replaces ? { replaces } : {}) });
  return isJson(content) ? content : {};
}

/** What an app may show; used for what it answers to a submitted form as well. */
export function throwIfWrong(
  world: World,
  app: AppRow,
  {
    content,
    type,
    replaces,
  }: { readonly content: unknown; readonly type: 'modal' | 'home'; readonly replaces?: ViewRow },
): void {
  const problem = checkView(content, type);
  if (problem) {
    throw new SlackProblem(problem.error, {
      ...(problem.messages.length === 0
        ? {}
        : { response_metadata: { messages: problem.messages.map((message) => `[ERROR] ${message}`) } }),
    });
  }
  const external = isJson(content) ? content['external_id'] : undefined;
  if (external === undefined || external === '') return;
  const twin = world.state.views.find(
    (row) => row.app_id === app.id && row.content['external_id'] === external && row.id !== replaces?.id,
  );
  if (twin) throw new SlackProblem('duplicate_external_id');
}

function checkHash(hash: string | undefined, row: ViewRow): void {
  if (hash !== undefined && hash !== row.hash) throw new SlackProblem('hash_conflict');
}
