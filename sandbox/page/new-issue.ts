/// <reference lib="dom" />
// A new issue: the choice of the repository's forms, and a form's fields.
import type { FormField, IssueForm } from '../github/issue-forms.ts';
import { byId, h } from './dom.ts';
import { actor, perform, show, state } from './state.ts';
import { forgetThread } from './thread.ts';

let shown = '';

export function renderNewIssue(): void {
  const { selection, view } = state;
  if (!view || (selection.kind !== 'choose' && selection.kind !== 'form')) {
    shown = '';
    return;
  }
  const key = selection.kind === 'form' ? selection.file : '(choose)';
  const form = selection.kind === 'form' ? view.forms.find((one) => one.file === selection.file) : undefined;
  if (shown !== key) {
    shown = key;
    forgetThread();
    const blank = selection.kind === 'form' && !form;
    byId('thread').replaceChildren(form ? formNode(form) : blank ? blankNode() : choice(view.forms));
    byId('thread').scrollTop = 0;
  }
  const submit = byId('thread').querySelector('.submit-as');
  if (submit) submit.textContent = `Create as ${actor()?.name ?? ''}`;
}

function choice(forms: readonly IssueForm[]): HTMLElement {
  const entry = (name: string, description: string, file: string): HTMLElement =>
    h(
      'li',
      {},
      h(
        'a',
        { href: `#new-${encodeURIComponent(file)}`, class: 'form-row' },
        h('b', {}, name),
        h('span', {}, description),
        h('span', { class: 'go', 'aria-hidden': 'true' }, '→'),
      ),
    );
  return h(
    'div',
    { class: 'new-issue' },
    h('h2', {}, 'New issue'),
    h(
      'ul',
      { class: 'form-list' },
      ...forms.map((form) => entry(form.name, form.description, form.file)),
      entry('Blank issue', 'Without a form', 'blank'),
    ),
  );
}

function blankNode(): HTMLElement {
  const title = h('input', { type: 'text', required: true, 'aria-label': 'Title', placeholder: 'Title' });
  const body = h('textarea', { rows: 8, 'aria-label': 'Body', placeholder: 'Leave a comment' });
  return formShell(
    'Blank issue',
    '',
    [labelled('Title', '', true, title), labelled('Body', '', false, body)],
    async () => {
      const made = await perform<{ number: number }>('openIssue', { title: title.value, body: body.value });
      if (made) show(`issue-${made.number}`);
    },
  );
}

function formNode(form: IssueForm): HTMLElement {
  const title = h('input', { type: 'text', value: form.title, 'aria-label': 'Title' });
  const fields = form.fields.map((field) => ({ field, ...fieldNode(field) }));
  return formShell(
    form.name,
    form.description,
    [labelled('Add a title', '', true, title), ...fields.map(({ node }) => node)],
    async () => {
      const answers = Object.fromEntries(
        fields
          .filter(({ field }) => field.type !== 'markdown')
          .map(({ field, read }) => [field.id === '' ? field.label : field.id, read()]),
      );
      const made = await perform<{ number: number }>('submitForm', {
        form: form.file,
        answers,
        ...(title.value.trim() === '' ? {} : { title: title.value }),
      });
      if (made) show(`issue-${made.number}`);
    },
  );
}

function formShell(
  name: string,
  description: string,
  fields: readonly HTMLElement[],
  submit: () => Promise<void>,
): HTMLElement {
  return h(
    'form',
    {
      class: 'new-issue',
      onsubmit: (event) => {
        event.preventDefault();
        void submit();
      },
    },
    h('h2', {}, name),
    description === '' ? null : h('p', { class: 'muted' }, description),
    ...fields,
    h(
      'p',
      { class: 'buttons' },
      h('button', { type: 'button', onclick: () => show('new') }, 'Back'),
      h('button', { type: 'submit', class: 'primary submit-as' }, 'Create'),
    ),
  );
}

interface FieldNode {
  readonly node: HTMLElement;
  readonly read: () => string | string[];
}

function fieldNode(field: FormField): FieldNode {
  switch (field.type) {
    case 'markdown':
      return { node: h('p', { class: 'form-note' }, field.value), read: () => '' };
    case 'checkboxes':
      return checkboxes(field);
    case 'dropdown':
      return dropdown(field);
    case 'textarea': {
      const input = h('textarea', { rows: 5, placeholder: field.placeholder });
      input.value = field.value;
      return {
        node: labelled(field.label, field.description, field.required, input),
        read: () => input.value,
      };
    }
    case 'input': {
      const input = h('input', { type: 'text', placeholder: field.placeholder, value: field.value });
      return {
        node: labelled(field.label, field.description, field.required, input),
        read: () => input.value,
      };
    }
  }
}

function dropdown(field: FormField): FieldNode {
  const input = h(
    'select',
    { multiple: field.multiple, size: field.multiple ? Math.min(6, field.options.length) : null },
    field.multiple ? null : h('option', { value: '' }, 'None'),
    ...field.options.map((option, index) =>
      h('option', { value: option.label, selected: index === field.preselected }, option.label),
    ),
  );
  return {
    node: labelled(field.label, field.description, field.required, input),
    read: () => [...input.selectedOptions].map((option) => option.value).filter((value) => value !== ''),
  };
}

function checkboxes(field: FormField): FieldNode {
  const boxes = field.options.map((option) => ({
    label: option.label,
    required: option.required,
    input: h('input', { type: 'checkbox' }),
  }));
  const node = h(
    'fieldset',
    { class: 'field' },
    h('legend', {}, field.label),
    field.description === '' ? null : h('p', { class: 'muted' }, field.description),
    ...boxes.map(({ label, input, required }) =>
      h(
        'label',
        { class: 'check' },
        input,
        ` ${label}`,
        required ? h('span', { class: 'required' }, ' *') : null,
      ),
    ),
  );
  return { node, read: () => boxes.filter(({ input }) => input.checked).map(({ label }) => label) };
}

/** A star, as on GitHub; and as on GitHub, nothing stops an empty answer in a private repository. */
function labelled(label: string, description: string, required: boolean, input: HTMLElement): HTMLElement {
  return h(
    'label',
    { class: 'field' },
    h('span', { class: 'field-label' }, label, required ? h('span', { class: 'required' }, ' *') : null),
    description === '' ? null : h('span', { class: 'muted' }, description),
    input,
  );
}
