/// <reference lib="dom" />
// Builds elements; text is always text, never markup.

type Child = Node | string | null | false;

interface Attributes {
  readonly [name: string]: string | number | boolean | null | undefined | ((event: Event) => void);
}

/** `onclick` and the like take functions; true sets an empty attribute, false and null leave it out. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) if (child !== null && child !== false) element.append(child);
  return element;
}

export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no #${id}.`);
  return element;
}

interface Pictured {
  /** On GitHub; null for who is on Slack alone. */
  readonly id: number | null;
  readonly slack?: string | null;
}

export function avatar({ id, slack }: Pictured, size: number): HTMLElement {
  return picture(id === null ? `s/${slack}` : `u/${id}`, size);
}

export function slackAvatar(user: string, size: number): HTMLElement {
  return picture(`s/${user}`, size);
}

function picture(of: string, size: number): HTMLElement {
  return h('img', { src: `/avatars/${of}`, alt: '', width: size, height: size, class: 'avatar' });
}
