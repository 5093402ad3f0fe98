// Reads HuJSON, the JSON with comments and trailing commas that Tailscale keeps policy files in: a reader of its own, so that it can judge others.

export interface ReadHujson {
  readonly value: unknown;
  /** In their order, with their marks. */
  readonly comments: readonly string[];
  /** What is neither comment nor white space, in its order. */
  readonly tokens: readonly string[];
}

const token =
  /(?<space>[ \t\r\n]+)|(?<comment>\/\/[^\n]*(?=\n|$)|\/\*[^]*?\*\/)|(?<text>"(?:[^"\\\n]|\\.)*")|(?<mark>[[\]{},:])|(?<word>[-+.\w]+)/y;

/** Undefined where it is no HuJSON. */
export function readHujson(text: string): ReadHujson | undefined {
  const comments: string[] = [];
  const tokens: string[] = [];
  let at = 0;
  while (at < text.length) {
    token.lastIndex = at;
    const found = token.exec(text);
    if (found === null) return undefined;
    if (found.groups?.['comment'] !== undefined) comments.push(found[0]);
    else if (found.groups?.['space'] === undefined) tokens.push(found[0]);
    at += found[0].length;
  }
  try {
    const value: unknown = JSON.parse(withoutTrailing(tokens).join(' '));
    return { value, comments, tokens };
  } catch {
    return undefined;
  }
}

/** A comma may end a list or a map that has something in it. */
function withoutTrailing(tokens: readonly string[]): readonly string[] {
  return tokens.filter((each, index) => {
    const isLast = each === ',' && /^[\]}]$/.test(tokens[index + 1] ?? '');
    return !isLast || /^[[{,:]$/.test(tokens[index - 1] ?? '[');
  });
}
