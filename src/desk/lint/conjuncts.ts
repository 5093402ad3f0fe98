// The parts of a condition that must all hold: `a && b` says at least what `a` says, whatever `a` is.

/** Texts that are written in ways that this does not read, and conditions that are no list of parts, are one part. */
export function conjunctsOf(source: string): readonly string[] {
  if (/\b[rRbB]{1,2}['"]|'''|"""|\/\//.test(source)) return [source.trim()];
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (const { 0: token, index } of source.matchAll(tokens)) {
    if ('([{'.includes(token)) depth += 1;
    else if (')]}'.includes(token)) depth -= 1;
    else if (depth === 0 && (token === '||' || token === '?')) return [source.trim()];
    else if (depth === 0 && token === '&&') {
      parts.push(source.slice(start, index).trim());
      start = index + token.length;
    }
  }
  return [...parts, source.slice(start).trim()];
}

/** Texts as a whole, so that what they hold divides nothing. */
const tokens = /'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|&&|\|\||[?()[\]{}]/g;
