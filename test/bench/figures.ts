// Every figure of the bench, in the order in which they are measured.
import { decideAtScale } from './decide-at-scale.ts';
import { decideVsCedar } from './decide-vs-cedar.ts';
import { dueFigure } from './due-figure.ts';
import type { Figure } from './figure.ts';
import { hookVsMessage } from './hook-vs-message.ts';
import { ingressFigure } from './ingress-figure.ts';
import { commitsPer1000Entries } from './ledger-burst.ts';
import { contentWritesPerLife, writesPerLife } from './life.ts';
import { memoryFigure } from './memory-figure.ts';
import { slackIngress, slackSlowest } from './slack-figures.ts';
import { ssoVsLimit } from './sso-vs-limit.ts';
import { startFigure } from './start-figure.ts';
import { checkOneVsAll, validateVsParse } from './validate-figures.ts';

export const figures: readonly Figure[] = [
  decideVsCedar,
  decideAtScale,
  validateVsParse,
  checkOneVsAll,
  hookVsMessage,
  writesPerLife,
  contentWritesPerLife,
  commitsPer1000Entries,
  ingressFigure,
  slackIngress,
  slackSlowest,
  startFigure,
  memoryFigure,
  dueFigure,
  ssoVsLimit,
];
