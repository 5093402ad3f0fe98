// The page of a workflow's run, where a card's link leads: what was started, by whom, and with which inputs.
import type { Hono } from 'hono';
import { isRunDone } from './bodies/workflow-run.ts';
import type { GitHub } from './github.ts';

export function serveRunPages(server: Hono, github: () => GitHub): void {
  server.get('/:owner/:repo/actions/runs/:id{[0-9]+}', (context) => {
    const hub = github();
    const repository = hub.repository(context.req.param('owner'), context.req.param('repo'));
    const run = hub.state.workflowRuns.get(context.req.param('id'));
    if (!repository || run?.repository_id !== repository.id) return context.notFound();
    const facts: readonly (readonly [string, string])[] = [
      ['Workflow', `${run.file} @ ${run.head_branch}`],
      ['Started by', hub.accountById(run.actor_id).login],
      ['At', run.created_at],
      ['State', isRunDone(hub, run) ? 'success' : 'in progress'],
      ...Object.entries(run.inputs),
    ];
    const rows = facts.map(([name, text]) => `<tr><th>${escape(name)}</th><td>${escape(text)}</td></tr>`);
    return context.html(
      `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escape(run.title)}</title>
<body style="font-family:sans-serif;margin:2em"><h1>${escape(run.title)} #${run.number}</h1>
<table style="text-align:left;border-spacing:1em 0.4em">${rows.join('')}</table><p><a href="/">Back to the sandbox</a></p></body></html>`,
    );
  });
}

function escape(text: string): string {
  return text.replace(/[&<>"'`]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
