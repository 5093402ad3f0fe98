/// <reference lib="dom" />
// A button that copies, and says that it did.
import { notify } from './ask.ts';
import { h } from './dom.ts';

export function copyButton(text: string | (() => Promise<string | undefined>), label = 'Copy'): HTMLElement {
  const button = h(
    'button',
    {
      type: 'button',
      class: 'small copy',
      onclick: () => void copy(),
    },
    label,
  );
  async function copy(): Promise<void> {
    const content = typeof text === 'string' ? text : await text();
    if (content === undefined) return;
    try {
      await navigator.clipboard.writeText(content);
      button.textContent = 'Copied';
      setTimeout(() => (button.textContent = label), 1500);
    } catch {
      notify('The browser does not let this page copy. Select the text instead.');
    }
  }
  return button;
}
