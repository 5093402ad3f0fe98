// The page behind a link: what is asked, and two buttons; or one sentence that says why there are none. Plain HTML, which fetches nothing and runs nothing.
import { createHash } from 'node:crypto';
import { html, printTime } from './escape.ts';
import type { Asked } from './what-is-asked.ts';
import type { DecisionMessage } from '../../domain/flow.ts';
import type { Instant } from '../../domain/names.ts';

export interface Page {
  readonly status: number;
  readonly html: string;
}

export const longestMessage = 2000;

const style = `body{font-family:system-ui,sans-serif;line-height:1.45;max-width:40rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
h1{font-size:1.3rem}dt{color:#57606a}dd{margin:0 0 .6rem;white-space:pre-wrap;overflow-wrap:anywhere}
.danger,.wrong{border-left:4px solid #cf222e;padding:.4rem .8rem;background:#fff1f0}
textarea{width:100%;box-sizing:border-box;font:inherit}button{font:inherit;padding:.5rem 1.4rem;margin:.8rem .6rem 0 0}
.small{color:#57606a;font-size:.85rem}`;

/** What a browser may do with any page of ours: show it. */
export const pageHeaders: { readonly [name: string]: string } = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  // The address of the page is the secret.
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex, nofollow',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

export interface Offer {
  readonly asked: Asked;
  readonly address: string;
  readonly until: Instant;
  readonly decisionMessage: DecisionMessage;
  /** What was wrong with what was sent before. */
  readonly wrong?: string;
}

export function offerPage(status: number, offer: Offer): Page {
  const { asked, address, until, wrong } = offer;
  return {
    status,
    html: page(asked.title, [
      ...(wrong === undefined ? [] : [`<p class="wrong" role="alert">${html(wrong)}</p>`]),
      ...(asked.danger === undefined ? [] : [`<p class="danger">⚠️ ${html(asked.danger)}</p>`]),
      ...(asked.message === undefined ? [] : [`<p>${html(asked.message)}</p>`]),
      `<dl>${asked.facts.map(({ label, text }) => `<dt>${html(label)}</dt><dd>${html(text)}</dd>`).join('')}</dl>`,
      `<p>Who decides</p><ul>${asked.steps.map((step) => `<li>${html(step)}</li>`).join('')}</ul>`,
      `<p>${html(asked.next.join(' '))}</p>`,
      // Without an action it is sent to where the page is: the link is written nowhere in it.
      `<form method="post">${messageField(offer)}<button name="decision" value="approve">Approve</button><button name="decision" value="deny">Deny</button></form>`,
      `<p class="small">You decide as ${html(address)}, once, until ${html(printTime(until))}. That it was by a link in an e-mail is recorded with it.</p>`,
      `<p class="small">${html(asked.footnote)}</p>`,
    ]),
  };
}

function messageField({ decisionMessage }: Offer): string {
  if (decisionMessage === 'off') return '';
  const isRequired = decisionMessage === 'required';
  const label = isRequired ? 'Why?' : 'Why? You may leave it empty.';
  return `<p><label>${label} Everybody who sees the request reads it.<br><textarea name="message" rows="3" maxlength="${longestMessage}"${isRequired ? ' required' : ''}></textarea></label></p>`;
}

/** One thing to say, and how the request stands where that may be said. */
export function plainPage(status: number, title: string, lines: readonly string[]): Page {
  return {
    status,
    html: page(
      title,
      lines.map((line) => `<p>${html(line)}</p>`),
    ),
  };
}

function page(title: string, parts: readonly string[]): string {
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>${html(title)}</title><style>${style}</style></head>\n<body>\n<main>\n<h1>${html(title)}</h1>\n${parts.join('\n')}\n</main>\n</body></html>\n`;
}
