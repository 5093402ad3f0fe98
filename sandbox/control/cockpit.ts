// What a visitor does to the world instead of in it: push the clock, kill the app, make weather, forge the ledger.
import type { Hono } from 'hono';
import { forgeLedger, restoreLedger } from '../forgery.ts';
import { notFound, unprocessable } from '../github/problem.ts';
import { optionalBoolean, optionalText, parseBody, requiredText } from '../github/rest/json.ts';
import type { Sandbox } from '../server.ts';
import { callViews } from './calls.ts';
import { tokenFor } from './token.ts';
import { nextDeadline } from './standing.ts';

const longestPushMs = 60 * 24 * 3_600_000;

/** All behind the guard, as everything below `/_sandbox/`. */
export function addCockpit(server: Hono, sandbox: () => Sandbox): void {
  server.post('/_sandbox/clock', async (context) => {
    await pushClock(sandbox(), parseBody(await context.req.text())['push']);
    sandbox().touch();
    return context.json({ now: sandbox().clock.now().toISOString() });
  });
  server.post('/_sandbox/app/kill', (context) => {
    beside(sandbox()).kill();
    return context.json({});
  });
  server.post('/_sandbox/past/hurry', (context) => {
    beside(sandbox()).past?.hurry();
    return context.json({});
  });
  server.post('/_sandbox/weather', async (context) => {
    const input = parseBody(await context.req.text());
    const name = requiredText(input, 'name', 'Sandbox');
    const { weather, slack } = sandbox();
    const of = optionalText(input, 'of') === 'slack' ? slack?.weather : weather;
    if (!of?.set(name, optionalBoolean(input, 'on') ?? true)) {
      throw unprocessable(`There is no weather called ${name}.`);
    }
    sandbox().touch();
    return context.json({});
  });
  server.delete('/_sandbox/weather', (context) => {
    sandbox().weather.calm();
    sandbox().slack?.weather.calm();
    sandbox().touch();
    return context.body(null, 204);
  });
  server.get('/_sandbox/calls', (context) => {
    const { issue, text } = context.req.query();
    const number = Number(issue);
    return context.json(
      callViews(sandbox(), {
        ...(issue !== undefined && Number.isInteger(number) ? { issue: number } : {}),
        ...(text === undefined ? {} : { text }),
      }),
    );
  });
  server.post('/_sandbox/token', async (context) => {
    const kind = requiredText(parseBody(await context.req.text()), 'kind', 'Sandbox');
    return context.json({ token: tokenFor(sandbox().github, kind) });
  });
  server.post('/_sandbox/ledger/forge', async (context) => context.json(await forgeLedger(sandbox())));
  server.post('/_sandbox/ledger/restore', (context) => {
    restoreLedger(sandbox());
    return context.json({});
  });
  server.post('/_sandbox/ledger/verify', async (context) => {
    const { verify } = beside(sandbox());
    if (!verify) throw notFound();
    return context.json(await verify());
  });
}

async function pushClock(sandbox: Sandbox, push: unknown): Promise<void> {
  const { clock } = sandbox;
  if (sandbox.beside?.past?.progress().finished === false) {
    throw unprocessable('The past is still being made: the clock runs by itself until then.');
  }
  if (push === 'next') {
    const next = nextDeadline(sandbox);
    if (!next) throw unprocessable('Nothing has a deadline now.');
    await letItWrite(sandbox, Date.parse(next.at) - clock.now().getTime());
    // A moment later, so that it has come for the app as well.
    return clock.moveTo(new Date(Date.parse(next.at) + 500));
  }
  if (typeof push !== 'number' || !(push > 0) || push > longestPushMs) {
    throw unprocessable('push must be milliseconds, forward and at most 60 days, or "next".');
  }
  clock.push(push - (await letItWrite(sandbox, push)));
}

/** What nothing waits for is written to the ledger within so long. */
const writtenWithinMs = 11_000;
/** What the app has just begun takes its real time, whatever the clock says. */
const untouchedMs = 1200;

/**
 * Who pushes right after an act would find that the ledger lacked something for as long as the push: so what is left to
 * write gets its seconds first. Gives how far that pushed the clock.
 */
async function letItWrite({ clock, idleMs, beside: app }: Sandbox, atMost: number): Promise<number> {
  if (app?.app.state !== 'up' || idleMs > writtenWithinMs || atMost <= writtenWithinMs) return 0;
  clock.push(writtenWithinMs);
  await new Promise((resolve) => setTimeout(resolve, untouchedMs));
  return writtenWithinMs;
}

function beside(sandbox: Sandbox): NonNullable<Sandbox['beside']> {
  if (!sandbox.beside) throw unprocessable('No app was started beside this sandbox.');
  return sandbox.beside;
}
