// Slack's blocks, and what has to hold among those of one message or view. https://docs.slack.dev/reference/block-kit/blocks
import { asJson, asList, asText, type Json } from '../json.ts';
import { accessory, actionElement, contextElement, image, inputElement, type Surface } from './elements.ts';
import { anyText, plainText } from './objects.ts';
import { richText } from './rich-text.ts';
import { both, byType, flag, list, rule, shape, text, type Check, type Fault } from './shape.ts';

export type { Surface } from './elements.ts';

const type: Check = text(100);
const blockId = { block_id: text(255) };

const section: Check = both(
  shape(
    { type },
    {
      ...blockId,
      text: anyText(3000),
      fields: list(anyText(2000), { least: 1, most: 10 }),
      accessory,
      expand: flag,
    },
  ),
  rule('must define text or fields', (block) => block['text'] !== undefined || block['fields'] !== undefined),
);

function block(surface: Surface): Check {
  return byType({
    section,
    header: shape({ type, text: plainText(150) }, blockId),
    divider: shape({ type }, blockId),
    context: shape({ type, elements: list(contextElement, { least: 1, most: 10 }) }, blockId),
    actions: shape({ type, elements: list(actionElement(surface), { least: 1, most: 25 }) }, blockId),
    input: shape(
      { type, label: plainText(2000), element: inputElement(surface) },
      { ...blockId, hint: plainText(2000), optional: flag, dispatch_action: flag },
    ),
    image: (value, at) => imageBlock(value, at),
    rich_text: richText,
    ...(surface === 'message' ? { markdown: shape({ type, text: text(12_000) }, blockId) } : {}),
  });
}

/** An image with a title and an id; the rest is the element of the same name. */
const imageBlock: Check = (value, at) => {
  const { block_id, title, ...rest } = asJson(value);
  return [
    ...image(rest, at),
    ...(block_id === undefined ? [] : text(255)(block_id, `${at}/block_id`)),
    ...(title === undefined ? [] : plainText(2000)(title, `${at}/title`)),
  ];
};

const most: Readonly<Record<Surface, number>> = { message: 50, modal: 100, home: 100 };

export function blocksOf(surface: Surface): Check {
  return both(list(block(surface), { most: most[surface] }), idsDiffer, oneFocus);
}

const idsDiffer: Check = (value, at) => {
  const faults: Fault[] = [];
  const seen = new Set<string>();
  asList(value).forEach((each, index) => {
    const id = asText(each['block_id']);
    if (id !== undefined && seen.has(id)) {
      faults.push({ what: `block_id already exists: ${id}`, at: `${at}/${index}/block_id` });
    }
    if (id !== undefined) seen.add(id);
    faults.push(...actionIdsDiffer(each, `${at}/${index}`));
  });
  return faults;
};

function actionIdsDiffer(each: Json, at: string): readonly Fault[] {
  if (each['type'] !== 'actions') return [];
  const ids = asList(each['elements']).map((element) => asText(element['action_id']));
  return ids.flatMap((id, index) =>
    id !== undefined && ids.indexOf(id) < index
      ? [{ what: `action_id already exists: ${id}`, at: `${at}/elements/${index}/action_id` }]
      : [],
  );
}

const oneFocus: Check = (value, at) => {
  const focused = asList(value).flatMap((each) =>
    [...asList(each['elements']), asJson(each['element']), asJson(each['accessory'])].filter(
      (element) => element['focus_on_load'] === true,
    ),
  );
  return focused.length > 1 ? [{ what: 'only one element may have focus_on_load', at }] : [];
};
