import { expect, it } from 'vitest';
import { aRequest, aRequestIn, anId, noon } from '../../../test/builders/request.ts';
import { linesOf } from '../../../test/contracts/slack/lines-of.ts';
import { minutes } from '../../domain/duration.ts';
import { plus } from '../../domain/names.ts';
import { renderHome } from './render-home.ts';

const now = plus(noon, minutes(10));

it('shows what waits, what is held and for how long, and what was asked', () => {
  const waiting = [aRequest({ id: anId(1), requester: 'kofi' }).request];
  const mine = [aRequestIn('active', { id: anId(2) }).request, aRequestIn('denied', { id: anId(3) }).request];
  expect(linesOf(renderHome({ waiting, mine, now, page: 0, mayAsk: true }).blocks)).toMatchInlineSnapshot(`
    "[Ask for access]

    # Waiting for you

    🟡 *Production for 30m*, for kofi · Waiting for approval
    Why do you need access? *Backfill of order 4711*

    [Approve] [Deny]

    # Your access

    🟢 *Production for 30m* · 23 minutes left
    Why do you need access? *Backfill of order 4711*
    It is taken back by itself {20 Nov 2026, 12:33 UTC}.

    [Revoke]

    # What you asked for

    🔴 *Production for 30m* · Denied
    Why do you need access? *Backfill of order 4711*
    bob denied it {20 Nov 2026, 12:01 UTC}. Nothing was granted."
  `);
});

it('is friendly where there is nothing', () => {
  expect(linesOf(renderHome({ waiting: [], mine: [], now, page: 7, mayAsk: true }).blocks))
    .toMatchInlineSnapshot(`
    "[Ask for access]

    Nothing waits for you, and you have no access that ends."
  `);
});

it('shows each request once, and a page that there is', () => {
  const mine = Array.from({ length: 60 }, (_, n) => aRequest({ id: anId(n + 1) }).request);
  const pages = [0, 1, 2].map((page) =>
    linesOf(renderHome({ waiting: mine.slice(0, 1), mine, now, page, mayAsk: true }).blocks),
  );
  expect(pages.map((page) => page.match(/🟡/g)?.length)).toEqual([25, 25, 10]);
  expect(pages[1]).toContain('[← Back] [More →]\n\n(Page 2 of 3)');
  expect(linesOf(renderHome({ waiting: [], mine, now, page: 99, mayAsk: true }).blocks)).toContain(
    'Page 3 of 3',
  );
});

it('lets a guest decide there, who is not offered to ask', () => {
  const shown = linesOf(renderHome({ waiting: [], mine: [], now, page: 0, mayAsk: false }).blocks);
  expect(shown).not.toContain('Ask for access');
});
