// The forms that a person sees, one on top of another, and App Home.
import { asJson, asList, asText, asTexts, type Json } from './json.ts';
import { withIds } from './messages.ts';
import { SlackProblem } from './problem.ts';
import type { AppRow, ViewRow, ViewValues } from './rows.ts';
import type { World } from './world.ts';

const DEEPEST = 3;

/** The lowest first; what is on top is what the person sees. */
export function viewsOf(
  world: World,
  user: string,
  app?: string,
  type: 'modal' | 'home' = 'modal',
): readonly ViewRow[] {
  return world.state.views
    .in(user)
    .filter((row) => row.type === type && (app === undefined || row.app_id === app))
    .sort((a, b) => a.order - b.order);
}

/** Opening anew closes what was open. */
export function openModal(world: World, app: AppRow, user: string, content: Json): ViewRow {
  for (const row of viewsOf(world, user)) world.state.views.delete(row.id);
  return add(world, { app, user, content, below: null });
}

export function pushModal(world: World, app: AppRow, user: string, content: Json): ViewRow {
  const stack = viewsOf(world, user, app.id);
  if (stack.length >= DEEPEST) throw new SlackProblem('push_limit_reached');
  return add(world, { app, user, content, below: stack.at(-1) ?? null });
}

/** In place: what the person typed stays where block and action are the same. */
export function replaceView(world: World, row: ViewRow, content: Json): ViewRow {
  const filled = filledIn(world, content);
  const initial = initialValues(filled);
  const values = Object.fromEntries(
    Object.entries(initial).map(([block, actions]) => [
      block,
      Object.fromEntries(
        Object.entries(actions).map(([action, value]) => {
          const before = row.values[block]?.[action];
          return [action, before?.['type'] === value['type'] ? (before ?? value) : value];
        }),
      ),
    ]),
  );
  const next = world.state.views.put({ ...row, content: filled, values, hash: newHash(world) });
  world.changed();
  return next;
}

export function publishHome(world: World, app: AppRow, user: string, content: Json): ViewRow {
  const [known] = viewsOf(world, user, app.id, 'home');
  if (known) return replaceView(world, known, content);
  const id = world.state.newId('V');
  const filled = filledIn(world, content);
  const row = world.state.views.put({
    id,
    app_id: app.id,
    user,
    type: 'home',
    content: filled,
    values: initialValues(filled),
    hash: newHash(world),
    root_view_id: id,
    previous_view_id: null,
    order: 0,
  });
  world.changed();
  return row;
}

export function closeModals(world: World, rows: readonly ViewRow[]): void {
  for (const row of rows) world.state.views.delete(row.id);
  world.changed();
}

export function keepValue(world: World, row: ViewRow, at: readonly [string, string], value: Json): ViewRow {
  const [block, action] = at;
  const values = { ...row.values, [block]: { ...row.values[block], [action]: value } };
  const next = world.state.views.put({ ...row, values });
  world.changed();
  return next;
}

function add(
  world: World,
  {
    app,
    user,
    content,
    below,
  }: { readonly app: AppRow; readonly user: string; readonly content: Json; readonly below: ViewRow | null },
): ViewRow {
  const id = world.state.newId('V');
  const filled = filledIn(world, content);
  const row = world.state.views.put({
    id,
    app_id: app.id,
    user,
    type: 'modal',
    content: filled,
    values: initialValues(filled),
    hash: newHash(world),
    root_view_id: below?.root_view_id ?? id,
    previous_view_id: below?.id ?? null,
    order: world.state.count('view'),
  });
  world.changed();
  return row;
}

function filledIn(world: World, content: Json): Json {
  return { ...content, blocks: withIds(world, asList(content['blocks'])) };
}

function newHash(world: World): string {
  return `${Math.floor(world.now().getTime() / 1000)}.${world.state.newSecret(4)}`;
}

/** What `state.values` says before anybody has touched anything: each element that holds a value, with its initial one. */
export function initialValues(content: Json): ViewValues {
  const values: Record<string, Record<string, Json>> = {};
  for (const block of asList(content['blocks'])) {
    for (const element of elementsOf(block)) {
      const blank = blankValue(element);
      const id = asText(block['block_id']) ?? '';
      if (blank) values[id] = { ...values[id], [asText(element['action_id']) ?? '']: blank };
    }
  }
  return values;
}

export function elementsOf(block: Json): readonly Json[] {
  if (block['type'] === 'input') return [asJson(block['element'])];
  if (block['type'] === 'actions') return asList(block['elements']);
  return block['accessory'] === undefined ? [] : [asJson(block['accessory'])];
}

function blankValue(element: Json): Json | undefined {
  const type = asText(element['type']) ?? '';
  switch (type) {
    case 'plain_text_input':
    case 'number_input':
    case 'email_text_input':
    case 'url_text_input':
      return { type, value: element['initial_value'] ?? null };
    case 'static_select':
    case 'external_select':
    case 'radio_buttons':
      return { type, selected_option: element['initial_option'] ?? null };
    case 'multi_static_select':
    case 'multi_external_select':
    case 'checkboxes':
      return { type, selected_options: asList(element['initial_options']) };
    case 'users_select':
      return { type, selected_user: element['initial_user'] ?? null };
    case 'multi_users_select':
      return { type, selected_users: asTexts(element['initial_users']) };
    case 'conversations_select':
      return { type, selected_conversation: element['initial_conversation'] ?? null };
    case 'multi_conversations_select':
      return { type, selected_conversations: asTexts(element['initial_conversations']) };
    case 'channels_select':
      return { type, selected_channel: element['initial_channel'] ?? null };
    case 'multi_channels_select':
      return { type, selected_channels: asTexts(element['initial_channels']) };
    case 'datepicker':
      return { type, selected_date: element['initial_date'] ?? null };
    case 'timepicker':
      return { type, selected_time: element['initial_time'] ?? null };
    case 'datetimepicker':
      return { type, selected_date_time: element['initial_date_time'] ?? null };
    default:
      return undefined;
  }
}
