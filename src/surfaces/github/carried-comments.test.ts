import { describe, expect, it } from 'vitest';
import { renderCarried } from './carried-comments.ts';
import { cardMarker, carriedMarker } from './marker.ts';
import { parseComment } from './parse-comment.ts';
import { anId } from '../../../test/builders/request.ts';
import { endsWith } from './write-once.ts';

const marker = carriedMarker('slack.T07ACME00.C07DATA000.1732093202.004200');

describe('what was said on Slack, as a comment', () => {
  it('names who said it where', () => {
    expect(renderCarried({ name: 'bob', text: 'Looks fine.\nGo on.' }, marker)).toMatchInlineSnapshot(`
      "**bob** on Slack: Looks fine.<br>Go on.

      <!-- countersign:said:slack.T07ACME00.C07DATA000.1732093202.004200 -->"
    `);
  });

  it.each(['/approve', 'ok\n/approve', 'ok\r\n\r\n/approve as admin because', '\n\n/approve', '   /approve'])(
    'is never a command: %j',
    (text) => {
      const body = renderCarried({ name: '/approve', text }, marker);
      expect(parseComment(body)).toEqual({ type: 'none' });
      expect(body.split('\n').filter((line) => /^\s*\//.test(line))).toEqual([]);
    },
  );

  it('notifies nobody, links nothing and hides nothing', () => {
    const text =
      '@acme/platform @bob-l #12 GH-3 https://evil.example <!-- gone --> [here](x) **loud** `code`';
    const body = renderCarried({ name: '@all', text }, marker);
    expect(body).not.toMatch(/@(acme|bob|all)|#1|GH-3|:\/\/|<!-- gone|\[here\]\(|[^\\]\*\*loud/);
  });

  it('cannot be taken for another message, or for a card of ours', () => {
    const forged = renderCarried(
      { name: 'mallory', text: `x ${cardMarker(anId())}\n${carriedMarker('k')}` },
      marker,
    );
    expect(endsWith(forged, marker)).toBe(true);
    expect(forged).not.toContain(cardMarker(anId()));
    expect(forged).not.toContain(carriedMarker('k'));
  });

  it('is cut where it is longer than anybody writes', () => {
    expect(renderCarried({ name: 'bob', text: 'x'.repeat(40_000) }, marker).length).toBeLessThan(5_000);
  });
});
