// Markdown as GitHub shows it: tables, task lists, mentions, folded details; scripts and comments taken out.
import { Marked } from 'marked';
import sanitize from 'sanitize-html';

const marked = new Marked({ gfm: true });

const rules: sanitize.IOptions = {
  allowedTags: [
    ...sanitize.defaults.allowedTags,
    'del',
    'details',
    'img',
    'input',
    'ins',
    'kbd',
    'picture',
    'source',
    'summary',
  ],
  allowedAttributes: {
    ...sanitize.defaults.allowedAttributes,
    a: ['href', 'title', 'class'],
    code: ['class'],
    details: ['open'],
    img: ['src', 'alt', 'title', 'width', 'height', 'align'],
    input: ['type', 'checked', 'disabled'],
    li: ['class'],
    source: ['media', 'srcset'],
    td: ['align', 'colspan'],
    th: ['align', 'colspan'],
  },
  allowedSchemes: ['http', 'https', 'mailto'],
  transformTags: { a: sanitize.simpleTransform('a', { rel: 'nofollow' }) },
};

/** Addresses people by their page, and issues of the same repository by number. */
export function renderMarkdown(text: string, fullName = ''): string {
  return render(text, fullName, true);
}

/** GitHub ends a line where the text does in comments only: https://github.com/github/markup/issues/1050. */
export function renderDocument(text: string, fullName: string): string {
  return render(text, fullName, false);
}

function render(text: string, fullName: string, breaks: boolean): string {
  const clean = sanitize(marked.parse(text, { async: false, breaks }), rules);
  return linkReferences(showAlerts(clean), fullName);
}

/** `> [!CAUTION]` and its kin, as a box with its name. */
function showAlerts(html: string): string {
  return html.replace(
    /<blockquote>\s*<p>\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*(?:<br \/>\s*|<\/p>\s*<p>)/g,
    (_, kind: string) =>
      `<blockquote class="alert alert-${kind.toLowerCase()}"><p class="alert-title">${kind[0]}${kind.slice(1).toLowerCase()}</p><p>`,
  );
}

/** Only in text: never inside tags, links or code. */
function linkReferences(html: string, fullName: string): string {
  let protectedDepth = 0;
  return html
    .split(/(<[^>]+>)/)
    .map((part) => {
      if (part.startsWith('<')) {
        if (/^<(a|code|pre)\b/.test(part)) protectedDepth += 1;
        if (/^<\/(a|code|pre)\b/.test(part)) protectedDepth -= 1;
        return part;
      }
      return protectedDepth > 0 ? part : linkText(part, fullName);
    })
    .join('');
}

function linkText(text: string, fullName: string): string {
  return text
    .replace(
      /(^|[\s(])@([a-z\d](?:[a-z\d-]{0,38})(?:\/[a-z\d-]+)?)/gi,
      '$1<a class="mention" href="/$2">@$2</a>',
    )
    .replace(/(^|[\s(])#(\d+)\b/g, (found, before: string, number: string) =>
      fullName === '' ? found : `${before}<a href="/${fullName}/issues/${number}">#${number}</a>`,
    );
}
