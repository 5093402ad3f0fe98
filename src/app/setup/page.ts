// The page of setup as HTML: plain forms, one inline style, no script, nothing from elsewhere.
import { createHash } from 'node:crypto';

/** What may stand between tags; only `html` and `raw` make it, so that no text of others becomes markup. */
export interface Html {
  readonly html: string;
}

/** A template: what is filled in is escaped, unless it is `Html`; lists are joined. */
export function html(parts: TemplateStringsArray, ...values: readonly Fillable[]): Html {
  return { html: parts.reduce((text, part, at) => text + fill(values[at - 1]) + part) };
}

type Fillable = string | number | Html | readonly Html[] | undefined;

function fill(value: Fillable): string {
  if (value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number') return escape(String(value));
  return 'html' in value ? value.html : value.map((each) => each.html).join('');
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

export const steps = ['The app', 'The desk', 'The app that grants', 'Slack', 'Start'] as const;

export interface PageParts {
  /** Which of the steps this is, from 0. */
  readonly at: number;
  readonly title: string;
  readonly body: Html;
  /** What went wrong with the last thing that was asked for. */
  readonly problems?: readonly string[];
}

export function renderPage({ at, title, body, problems = [] }: PageParts): string {
  const marks = steps.map(
    (name, index) =>
      html`<li
        class="${index < at ? 'past' : index === at ? 'now' : ''}"
        ${index === at ? raw(' aria-current="step"') : undefined}
      >
        ${name}
      </li>`,
  );
  const troubles = problems.map((problem) => html`<p>${problem}</p>`);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Countersign setup</title>
        ${styleElement}
      </head>
      <body>
        <header><b>Countersign</b> setup</header>
        <ol>
          ${marks}
        </ol>
        <main>
          <h1>${title}</h1>
          ${problems.length > 0 ? html`<div class="problem" role="alert">${troubles}</div>` : undefined}
          ${body}
        </main>
        <footer>
          This page is served by this machine to this machine alone. What you enter goes to GitHub or Slack,
          and into
          <code>.env</code>.
        </footer>
      </body>
    </html> `.html;
}

function raw(text: string): Html {
  return { html: text };
}

const style = `
:root{color-scheme:light dark;--ink:#1c2024;--soft:#60646c;--line:#d9d9e0;--ground:#fff;--accent:#0b68cb;--warn:#ad1e1e}
@media(prefers-color-scheme:dark){:root{--ink:#edeef0;--soft:#b0b4ba;--line:#43484e;--ground:#18191b;--accent:#70b8ff;--warn:#ff9592}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:44rem;padding:2rem 1.25rem;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,sans-serif}
header{color:var(--soft)}
header b{color:var(--ink)}
ol{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;margin:1rem 0 2rem;padding:0 0 1rem;border-bottom:1px solid var(--line);list-style-position:inside;color:var(--soft)}
ol .now{color:var(--ink);font-weight:600}
ol .past::after{content:" ✓"}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 1rem}
form{margin:1.25rem 0}
label{display:block;margin:1rem 0 0;font-weight:600}
label small,p small{display:block;color:var(--soft);font-weight:400}
label.choice{display:flex;gap:.6rem;align-items:baseline;padding:.6rem .8rem;margin:.4rem 0;border:1px solid var(--line);border-radius:8px;font-weight:400}
input[type=text],input[type=url],input[type=password]{width:100%;margin-top:.3rem;padding:.55rem .7rem;border:1px solid var(--line);border-radius:8px;background:transparent;color:inherit;font:inherit}
button,.button{display:inline-block;margin:1.25rem .75rem 0 0;padding:.6rem 1.1rem;border:1px solid var(--accent);border-radius:8px;background:var(--accent);color:var(--ground);font:inherit;font-weight:600;text-decoration:none;cursor:pointer}
button.plain{background:transparent;color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
code,pre{font:.92em ui-monospace,monospace}
pre{padding:.8rem 1rem;border:1px solid var(--line);border-radius:8px;overflow:auto}
table{border-collapse:collapse;width:100%}
td,th{padding:.35rem .5rem .35rem 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
.problem{margin:0 0 1rem;padding:.2rem 1rem;border-left:4px solid var(--warn)}
a{color:var(--accent)}
footer{margin-top:3rem;color:var(--soft);font-size:.88rem}
`;

/** To the letter what the policy lets in: a space more, and no browser shows it. */
const styleElement = raw(`<style>${style}</style>`);

/** So that this style alone is let in. `forms` are the addresses that a form may lead to. */
export function contentPolicy(forms: readonly string[]): string {
  const hash = createHash('sha256').update(style).digest('base64');
  return [
    "default-src 'none'",
    `style-src 'sha256-${hash}'`,
    `form-action 'self' ${forms.join(' ')}`.trim(),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
