// A YAML file as its keys and values stand in the text, by the parser's own events: what small changes are aimed by.
import { COLLECTION_STYLE, EVENT_ID, getScalarValue, parseEvents, SCALAR_STYLE, type Event } from 'js-yaml';

/** From `start` up to, and without, `end`. Quotes and brackets are part of it; anchors, tags and comments are not. */
interface Place {
  readonly start: number;
  readonly end: number;
}

export interface ScalarNode extends Place {
  readonly kind: 'scalar';
  readonly value: string;
}

export interface MapNode extends Place {
  readonly kind: 'map';
  /** `{ a: b }`, and not line by line. */
  readonly isFlow: boolean;
  readonly entries: readonly MapEntry[];
}

export interface MapEntry {
  readonly key: ScalarNode;
  readonly value: YamlNode;
}

export interface ListNode extends Place {
  readonly kind: 'list';
  /** `[a, b]`, and not line by line. */
  readonly isFlow: boolean;
  readonly items: readonly YamlNode[];
}

export type YamlNode = ScalarNode | MapNode | ListNode;

/** Undefined for what no file of a desk may hold: nothing at all, aliases, keys that are no scalars. Throws where it is no YAML. */
export function readTree(text: string): YamlNode | undefined {
  const events = parseEvents(text, { maxDepth: 20 });
  const reader = createReader(text, events);
  return events[0]?.type === EVENT_ID.DOCUMENT ? reader.node(0) : undefined;
}

function createReader(text: string, events: readonly Event[]) {
  let next = 1;

  /** `otherwise`: where a value stands that was left out. */
  function node(otherwise: number): YamlNode | undefined {
    const event = events[next];
    next += 1;
    if (event?.type === EVENT_ID.SCALAR) return scalar(event, otherwise);
    if (event?.type === EVENT_ID.MAPPING) return map(event);
    return event?.type === EVENT_ID.SEQUENCE ? list(event) : undefined;
  }

  function scalar(event: Extract<Event, { type: typeof EVENT_ID.SCALAR }>, otherwise: number): ScalarNode {
    const value = getScalarValue(text, event);
    if (event.valueStart < 0) return { kind: 'scalar', value, start: otherwise, end: otherwise };
    const isQuoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
    const quote = isQuoted ? 1 : 0;
    return { kind: 'scalar', value, start: event.valueStart - quote, end: event.valueEnd + quote };
  }

  function map({ start, style }: Extract<Event, { type: typeof EVENT_ID.MAPPING }>): MapNode | undefined {
    const entries: MapEntry[] = [];
    while (events[next]?.type !== EVENT_ID.POP) {
      const key = node(start);
      if (key?.kind !== 'scalar') return undefined;
      const value = node(text.indexOf(':', key.end) + 1);
      if (value === undefined) return undefined;
      entries.push({ key, value });
    }
    next += 1;
    const isFlow = style === COLLECTION_STYLE.FLOW;
    const last = entries.at(-1)?.value.end;
    return { kind: 'map', isFlow, entries, start, end: endOf({ isFlow, start, last }) };
  }

  function list({ start, style }: Extract<Event, { type: typeof EVENT_ID.SEQUENCE }>): ListNode | undefined {
    const items: YamlNode[] = [];
    while (events[next]?.type !== EVENT_ID.POP) {
      const item = node(items.at(-1)?.end ?? start);
      if (item === undefined) return undefined;
      items.push(item);
    }
    next += 1;
    const isFlow = style === COLLECTION_STYLE.FLOW;
    return { kind: 'list', isFlow, items, start, end: endOf({ isFlow, start, last: items.at(-1)?.end }) };
  }

  /** The parser does not say where a bracket closes: it is the next thing that is neither space, comma nor comment. */
  function endOf({
    isFlow,
    start,
    last,
  }: {
    isFlow: boolean;
    start: number;
    last: number | undefined;
  }): number {
    if (!isFlow) return last ?? start;
    const between = /(?:[\s,]|#[^\n]*)*/y;
    between.lastIndex = last ?? start + 1;
    between.exec(text);
    return between.lastIndex + 1;
  }

  return { node };
}
