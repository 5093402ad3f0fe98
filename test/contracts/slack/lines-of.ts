// Blocks as somebody would read them off a screen: for snapshots that a person can judge.

/** Bold in stars, code in backticks, buttons in brackets; one line for each line that is seen. */
export function linesOf(blocks: unknown): string {
  return items(blocks).map(blockLines).join('\n\n');
}

function blockLines(block: unknown): string {
  switch (get(block, 'type')) {
    case 'header':
      return `# ${words(get(block, 'text'))}`;
    case 'rich_text':
      return items(get(block, 'elements'))
        .map((section) => items(get(section, 'elements')).map(piece).join(''))
        .join('\n');
    case 'context':
      return `(${items(get(block, 'elements')).map(words).join(' · ')})`;
    case 'actions':
      return items(get(block, 'elements')).map(element).join(' ');
    case 'input':
      return input(block);
    default:
      return JSON.stringify(block);
  }
}

function input(block: unknown): string {
  const hint = get(block, 'hint');
  return [
    `${words(get(block, 'label'))}${get(block, 'optional') === true ? ' (optional)' : ''}${get(block, 'dispatch_action') === true ? ' ↻' : ''}`,
    `  ${element(get(block, 'element'))}`,
    ...(hint === undefined ? [] : [`  ${words(hint)}`]),
  ].join('\n');
}

function element(value: unknown): string {
  const type = String(get(value, 'type'));
  const options = items(get(value, 'options')).map((each) => words(get(each, 'text')));
  if (type === 'button') return `[${words(get(value, 'text'))}]`;
  if (type === 'overflow') return `[⋯ ${options.join(' | ')}]`;
  const initial = Object.entries(Object(value)).find(([key]) => key.startsWith('initial_'))?.[1];
  const first = initial === undefined ? '' : ` = ${printed(initial)}`;
  return `‹${type}${options.length === 0 ? '' : `: ${options.join(' | ')}`}›${first}`;
}

function printed(initial: unknown): string {
  if (Array.isArray(initial)) return initial.map(printed).join(', ');
  return typeof initial === 'object' ? words(get(initial, 'text')) : String(initial);
}

function piece(value: unknown): string {
  switch (get(value, 'type')) {
    case 'date':
      return `{${String(get(value, 'fallback'))}}`;
    case 'user':
      return `@${String(get(value, 'user_id'))}`;
    case 'link':
      return `<${String(get(value, 'url'))}>`;
    default: {
      const text = String(get(value, 'text'));
      const style = get(value, 'style');
      if (get(style, 'bold') === true) return `*${text}*`;
      return get(style, 'code') === true ? `\`${text}\`` : text;
    }
  }
}

function words(text: unknown): string {
  return String(get(text, 'text'));
}

function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function get(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(key) : undefined;
}
