// Views with nothing to fill in: while something is looked up, when it is done, when it could not be, and before there is any flow.
import type { ModalView } from '@slack/web-api';
import { most, paragraphs, plain } from './blocks.ts';
import { refusalLine } from './render-answer.ts';
import type { Line } from './pieces.ts';
import type { Refusal } from '../../domain/refusals.ts';

function saying(title: string, close: string, ...lines: readonly Line[]): ModalView {
  return {
    type: 'modal',
    callback_id: 'said',
    title: plain(title, most.title),
    close: plain(close, most.title),
    blocks: paragraphs(...lines),
  };
}

/** Opened at once: what it waits for may take longer than Slack lets a view be opened. */
export function loadingView(): ModalView {
  return saying('One moment', 'Cancel', ['⏳ Looking up what is open to you…']);
}

export function waitingView(): ModalView {
  return saying('One moment', 'Close', ['⏳ Asking the service…']);
}

export function doneView(text: string): ModalView {
  return saying('Done', 'Close', [`✅ ${text}`]);
}

/** `what`: one sentence of ours on what failed and what to do. */
export function errorView(what: string): ModalView {
  return saying('That did not work', 'Close', [`⚠️ ${what}`]);
}

export function refusalView(refusal: Refusal): ModalView {
  return saying('This cannot be done', 'Close', refusalLine(refusal));
}

/** Before the first flow. */
export function welcomeView(flowsLink?: string): ModalView {
  return saying(
    'Welcome',
    'Close',
    [{ bold: 'Countersign is here, and has nothing to ask for yet.' }],
    [
      'What people may ask for, and who approves it, stands in flows: small files that are changed by pull requests. As soon as the first one is merged, it is found here.',
    ],
    ...(flowsLink === undefined ? [] : [['The flows of this desk: ', { link: flowsLink }]]),
  );
}
