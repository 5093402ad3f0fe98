// Writes what was said on Slack as a comment on the request's issue: ours, so that nothing in it is ever a command.
import { minutes } from '../../domain/duration.ts';
import { plus } from '../../domain/names.ts';
import type { GitHubApp } from '../../clients/github/github-app.ts';
import type { Remark } from '../../engine/carrier.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { Reception } from '../../engine/ports/reception.ts';
import { escapeLines, escapeText } from './escape.ts';
import { placeOf } from './github-place.ts';
import { carriedMarker } from './marker.ts';
import { commentOnce } from './write-once.ts';

export interface CarriedCommentParts {
  readonly github: GitHubApp;
  readonly reception: Pick<Reception, 'view'>;
  readonly botLogin: string;
}

/** More than anybody writes by hand. */
const longest = 4_000;
/** GitHub's clock and Slack's need not agree. */
const clockSkew = minutes(5);

/** Throws a transient `Failure` where the issue is not there yet. */
export function createCarriedComments({
  github,
  reception,
  botLogin,
}: CarriedCommentParts): (remark: Remark) => Promise<void> {
  return async (remark) => {
    const request = await reception.view(remark.request);
    // A flow that cannot be asked for on GitHub has no issue at all.
    if (request === undefined || request.policy.withoutIssue) return;
    if (request.thread === undefined)
      throw new Failure('The issue of the request is not there yet.', { transient: true });
    const marker = carriedMarker(remark.key);
    const since = plus(remark.at, -clockSkew);
    const body = renderCarried(remark, marker);
    const place = await placeOf(github, request.thread);
    await commentOnce(place, { marker, body, since, lane: 'answer', botLogin });
  };
}

/** On one line of ours, whatever was typed: no line of it begins anything. */
export function renderCarried({ name, text }: Pick<Remark, 'name' | 'text'>, marker: string): string {
  const said = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return `**${escapeText(name)}** on Slack: ${escapeLines(said)}\n\n${marker}`;
}
