// The hidden line by which we find our own words again: after an answer was lost, or when somebody edited them.
import type { Notice } from '../../domain/entries.ts';
import type { Instant, RequestId } from '../../domain/names.ts';
import type { ProblemKind } from '../../engine/problems.ts';
import { markerPart } from './escape.ts';

export const cardMarker = (request: RequestId): string => marker('card', request);
export const threadMarker = (request: RequestId): string => marker('thread', request);
export const noticeMarker = (request: RequestId, notice: Notice): string =>
  marker('notice', request, notice.replaceAll('-', '_'));
/** `key` is the signed id of what is answered; the ids of neighbours may differ in nothing but `-` and `_`. */
export const answerMarker = (key: string): string => marker('answer', key.replaceAll('-', '.'));
/** `key`: the signed id of what was said elsewhere. */
export const carriedMarker = (key: string): string => marker('said', key.replaceAll('-', '.'));
/** The one issue of a desk's errors, and what it told of in a comment. */
export const errorsMarker = marker('errors');
export const errorToldMarker = (kind: ProblemKind, at: Instant): string =>
  marker('errors', kind.replaceAll('-', '_'), at.replaceAll('-', '.'));

function marker(...parts: readonly string[]): string {
  return `<!-- countersign:${parts.map(markerPart).join(':')} -->`;
}
