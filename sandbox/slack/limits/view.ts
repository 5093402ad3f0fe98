// What Slack takes as a form, as App Home, and as an answer of options.
import { asList, isJson } from '../json.ts';
import { blocksOf } from './blocks.ts';
import { plainText, suggestions } from './objects.ts';
import { problemOf, type Problem } from './problem.ts';
import { both, flag, oneOf, rule, shape, text, type Check } from './shape.ts';

const LARGEST_VIEW = 250_000;

const always = {
  private_metadata: text(3000, 0),
  callback_id: text(255, 0),
  external_id: text(255, 0),
};

const modal: Check = both(
  shape(
    { type: oneOf('modal'), title: plainText(24), blocks: blocksOf('modal') },
    {
      ...always,
      close: plainText(24),
      submit: plainText(24),
      clear_on_close: flag,
      notify_on_close: flag,
      submit_disabled: flag,
    },
  ),
  rule(
    'missing required field: submit',
    (view) =>
      view['submit'] !== undefined || !asList(view['blocks']).some((block) => block['type'] === 'input'),
  ),
);

const home: Check = shape({ type: oneOf('home'), blocks: blocksOf('home') }, always);

/** Null where Slack would take it. */
export function checkView(view: unknown, type: 'modal' | 'home'): Problem | null {
  if (isJson(view) && Buffer.byteLength(JSON.stringify(view)) > LARGEST_VIEW) {
    return { error: 'view_too_large', messages: [] };
  }
  if (!isJson(view)) return { error: 'invalid_arguments', messages: ['missing required field: view'] };
  return problemOf('invalid_arguments', (type === 'modal' ? modal : home)(view, '/view'));
}

/** An answer to what somebody types in a menu. */
export function checkSuggestions(answer: unknown): Problem | null {
  return problemOf('invalid_options', suggestions(answer, ''));
}
