// The page, what it shows, what it may do, and the stream that tells it to look again.
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { findIssue } from '../github/actions/issues.ts';
import { GitHubProblem, notFound } from '../github/problem.ts';
import { serveRunPages } from '../github/run-page.ts';
import { parseBody } from '../github/rest/json.ts';
import { repositoryNamed } from '../driver.ts';
import type { Sandbox } from '../server.ts';
import { act, addFault, changeWorld } from './acts.ts';
import { avatar, slackAvatar } from './avatar.ts';
import { addCockpit } from './cockpit.ts';
import { flowsView } from './flows-view.ts';
import { guard } from './guard.ts';
import { slackAct } from './slack-acts.ts';
import { slackView } from './slack-view.ts';
import { pageView, threadView } from './view.ts';

export interface ControlOptions {
  /** Asked for anew at each call: the sandbox is whole only after it listens. */
  readonly sandbox: () => Sandbox;
  readonly desk: string;
  readonly token: string;
  /** Calls back after every change; gives a function that stops it. */
  readonly watch: (listener: () => void) => () => void;
}

const REST_MS = 120;
const MOST_MESSAGES = 30;

export function controlServer(options: ControlOptions): Hono {
  const server = new Hono();
  const { sandbox } = options;
  const guarded = guard({ port: () => sandbox().port, token: options.token });
  const desk = () => repositoryNamed(sandbox().github, options.desk);
  server.get('/avatars/u/:id', (context) => avatar(sandbox().github, context.req.param('id')));
  server.get('/avatars/s/:id', (context) => slackAvatar(sandbox(), context.req.param('id')));
  server.use('/', guarded);
  server.use('/_sandbox/*', guarded);
  // Loaded when the page is first looked at: tests do not pay for the compiler behind it.
  server.get('/', async () => (await import('./page-files.ts')).servePage());
  server.get('/_sandbox/page/:name', async (context) =>
    (await import('./page-files.ts')).servePageFile(context.req.param('name')),
  );
  server.get('/_sandbox/view', (context) => context.json(pageView(sandbox(), desk())));
  server.get('/_sandbox/issues/:number', (context) => {
    const number = Number(context.req.param('number'));
    return context.json(threadView(sandbox(), findIssue(sandbox().github, desk(), number)));
  });
  server.get('/_sandbox/flows', (context) => {
    const pull = context.req.query('pull');
    return context.json(flowsView(sandbox().github, desk(), pull === undefined ? undefined : Number(pull)));
  });
  server.get('/_sandbox/slack', (context) => {
    const { as = '', channel, thread, most } = context.req.query();
    const open = {
      ...(channel === undefined ? {} : { channel }),
      ...(thread === undefined ? {} : { thread }),
    };
    return context.json(slackView(sandbox(), { as, ...open, most: Number(most) || MOST_MESSAGES }));
  });
  server.post('/_sandbox/slack/act', async (context) =>
    context.json(await slackAct(sandbox(), parseBody(await context.req.text()))),
  );
  server.get('/_sandbox/requests', (context) => context.json(sandbox().requests));
  server.get('/_sandbox/unknown', (context) => context.json(sandbox().unknownRequests));
  server.get('/_sandbox/holdings', (context) => context.json(sandbox().holdings()));
  server.get('/_sandbox/ledger', (context) => context.json(sandbox().ledgerLog()));
  server.get('/_sandbox/environment', (context) => context.json(sandbox().environment()));
  server.get('/_sandbox/deliveries', (context) => context.json(sandbox().deliveries()));
  server.post('/_sandbox/deliveries/:id/redeliver', (context) => {
    sandbox().redeliver(Number(context.req.param('id')));
    return context.json({});
  });
  server.post('/_sandbox/act', async (context) =>
    context.json((await act(sandbox(), parseBody(await context.req.text()))) ?? {}),
  );
  server.post('/_sandbox/world', async (context) =>
    context.json(changeWorld(sandbox(), parseBody(await context.req.text())) ?? {}),
  );
  server.get('/_sandbox/faults', (context) => context.json(sandbox().faults.list()));
  server.post('/_sandbox/faults', async (context) => {
    addFault(sandbox(), parseBody(await context.req.text()));
    return context.json({}, 201);
  });
  server.delete('/_sandbox/faults', (context) => {
    sandbox().faults.clear();
    return context.body(null, 204);
  });
  addCockpit(server, sandbox);
  server.post('/_sandbox/settled', async (context) => {
    await sandbox().settled();
    return context.json({});
  });
  server.get('/_sandbox/events', (context) =>
    streamSSE(context, async (stream) => {
      let changed = false;
      let wake = (): void => undefined;
      const stop = options.watch(() => {
        changed = true;
        wake();
      });
      stream.onAbort(() => {
        stop();
        wake();
      });
      await stream.writeSSE({ event: 'hello', data: '' });
      while (!stream.aborted) {
        if (!changed) await new Promise<void>((resolve) => (wake = resolve));
        changed = false;
        if (stream.aborted) break;
        await stream.writeSSE({ event: 'change', data: '' });
        await stream.sleep(REST_MS);
      }
    }),
  );
  for (const kind of ['issues', 'pull'])
    server.get(`/:owner/:repo/${kind}/:number`, (context) => {
      const number = context.req.param('number') ?? '';
      return /^\d+$/.test(number) ? context.redirect(`/#issue-${number}`) : context.notFound();
    });
  serveRunPages(server, () => sandbox().github);
  // Where the answer to `git push` of a new branch leads.
  server.get('/:owner/:repo/pull/new/:branch{.+}', (context) => context.redirect('/#flows'));
  server.onError((error) => {
    if (!(error instanceof GitHubProblem)) {
      return Response.json({ message: error.message }, { status: 400 });
    }
    return Response.json(error.toJSON(), { status: error.status });
  });
  server.all('/_sandbox/*', () => {
    throw notFound();
  });
  return server;
}
