/// <reference lib="dom" />
// The switch between everything and what is about the chosen issue.
import { h } from './dom.ts';
import { changed, state } from './state.ts';

export function onlyThisBox(): HTMLElement {
  const { selection } = state;
  const box = h('input', {
    type: 'checkbox',
    checked: state.onlyThis,
    onchange: () => {
      state.onlyThis = box.checked;
      changed();
    },
  });
  return h(
    'label',
    { class: 'only-this' },
    box,
    selection.kind === 'issue' ? ` Only about #${selection.number}` : ' Only about the chosen issue',
  );
}
