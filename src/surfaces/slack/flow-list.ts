// The first thing that people see who ask on Slack: what is open to them, as buttons where it is little, else searched for as they type.
import type { KnownBlock, ModalView, PlainTextOption } from '@slack/web-api';
import type { Flow, Target } from '../../domain/flow.ts';
import { button, buttons, most, paragraphs, plain } from './blocks.ts';
import { matching, option, typing, type Choice } from './choice.ts';
import { clip, oneLine } from './escape.ts';
import { joined, type Line } from './pieces.ts';
import { printPlace, type Place } from './place.ts';

/** A flow that is open to whoever asks, with those of its targets that are. */
export interface OpenFlow {
  readonly flow: Flow;
  readonly targets: readonly Target[];
  /** Whether they may have it without waiting. */
  readonly glass: boolean;
  /** Why not now, where the flow’s code says so. */
  readonly shut?: string;
  /** The desk that it is of, where there are several: two of them may have a flow of the same name. */
  readonly at?: { readonly key: string; readonly name: string };
}

/** The block and the action of a flow that is chosen; `ask` opens the form of one. */
export const flowBlock = 'flow';
export const askAction = 'ask';
const mostButtons = 8;

export interface FlowListParts {
  readonly open: readonly OpenFlow[];
  readonly place: Place;
  /** What the person typed and no flow is called. */
  readonly unknown?: string;
}

export function flowList({ open, place, unknown }: FlowListParts): ModalView {
  return {
    type: 'modal',
    callback_id: 'flows',
    private_metadata: printPlace(place),
    title: plain('Ask for access', most.title),
    close: plain('Cancel', most.title),
    blocks: [
      ...(unknown === undefined
        ? []
        : paragraphs([`There is no flow “${clip(oneLine(unknown), 60)}” that is open to you.`])),
      ...(open.length === 0 ? nothingOpen : listOf(open)),
    ],
  };
}

const nothingOpen = paragraphs([
  'Nothing here is open to you at the moment. Who may ask for what stands in the flows of this desk; one of its admins can let you in.',
]);

function listOf(open: readonly OpenFlow[]): KnownBlock[] {
  if (open.length <= mostButtons) return open.flatMap(flowBlocks);
  return [
    ...paragraphs([{ bold: 'What do you need?' }]),
    ...buttons(flowBlock, [
      { type: 'external_select', action_id: askAction, placeholder: typing, min_query_length: 0 },
    ]),
  ];
}

/** Tells flows of several desks apart. */
function keyOf({ flow, at }: OpenFlow): string {
  return at === undefined ? flow.ref.name : `${at.key} ${flow.ref.name}`;
}

function labelOf({ flow, at }: OpenFlow): string {
  return at === undefined ? flow.label : `${flow.label} (${at.name})`;
}

function flowBlocks(open: OpenFlow): KnownBlock[] {
  const { flow, targets } = open;
  const [only, ...others] = targets;
  // What is bound to a question says nothing before that is answered.
  const named = targets.filter(({ label }) => !label.includes('${{'));
  const names: readonly Line[] = named.slice(0, 3).map(({ label }) => [clip(oneLine(label), 60)]);
  const more: readonly Line[] = named.length > 3 ? [[`${named.length - 3} more`]] : [];
  const isSaid = only && others.length === 0 && oneLine(only.label) === oneLine(flow.label);
  return [
    ...paragraphs(
      [{ bold: labelOf(open) }],
      ...(flow.description === undefined ? [] : [[clip(oneLine(flow.description), 200)]]),
      ...(named.length === 0 || isSaid ? [] : [joined([...names, ...more], ' · ')]),
    ),
    ...(open.shut === undefined
      ? buttons(`${flowBlock}:${keyOf(open)}`, [
          button({ action: askAction, text: 'Ask', value: keyOf(open) }),
        ])
      : paragraphs([`⏸️ Not now: ${clip(oneLine(open.shut), 200)}`])),
  ];
}

/** What the search shows: flows, and their targets where there are several. */
export function flowOptions(open: readonly OpenFlow[], query: string): PlainTextOption[] {
  return matching(open.flatMap(choicesOf), query);
}

function choicesOf(open: OpenFlow): readonly Choice[] {
  const { targets } = open;
  const whole = { value: keyOf(open), label: labelOf(open) };
  if (targets.length < 2) return [whole];
  return [
    whole,
    ...targets.map(({ name, label }) => ({
      value: `${keyOf(open)}/${name}`,
      label: `${labelOf(open)}: ${label}`,
    })),
  ];
}

/** What was pressed or chosen, among what is open now; undefined where it is not any more. */
export function chosenFlow(
  open: readonly OpenFlow[],
  value: string,
): (OpenFlow & { readonly target?: string }) | undefined {
  for (const each of open) {
    if (option({ value: keyOf(each), label: '' }).value === value) return each;
    const target = each.targets.find(
      ({ name }) => option({ value: `${keyOf(each)}/${name}`, label: '' }).value === value,
    );
    if (target) return { ...each, target: target.name };
  }
  return undefined;
}
