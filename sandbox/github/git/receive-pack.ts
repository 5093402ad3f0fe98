// Reads what a push asks for, and refuses it in Git's own words, so that whoever pushes reads why in the terminal.

export interface Push {
  readonly updates: readonly Update[];
  /** What `git push -o` said. */
  readonly options: readonly string[];
  /** Whether what is said beside the report reaches whoever pushes. */
  readonly hears: boolean;
}

interface Update {
  readonly ref: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** The commands at the head of a push, then its options, in Git's packet lines. */
export function readPush(body: Buffer): Push {
  const commands = packetLines(body, 0);
  const hears = /\0.*\bside-band-64k\b/.test(commands.lines[0] ?? '');
  const hasOptions = /\0.*\bpush-options\b/.test(commands.lines[0] ?? '');
  return {
    updates: commands.lines.flatMap(readUpdate),
    options: hasOptions ? packetLines(body, commands.end).lines.map((line) => line.trim()) : [],
    hears,
  };
}

/** The status of every reference, and above it a few lines that Git prints after `remote:`. */
export function refusedPush({ updates }: Push, reasons: readonly string[]): Response {
  const said = [
    'error: GH013: Repository rule violations found.',
    '',
    ...reasons.map((reason) => `- ${reason}`),
    '',
    'In this sandbox, `git push -o reviewed` stands for a pull request that was reviewed and merged.',
  ];
  const report = [
    packet('unpack ok\n'),
    ...updates.map(({ ref }) => packet(`ng ${ref} push declined due to repository rule violations\n`)),
    flush,
  ];
  const body = Buffer.concat([
    packet(`\u0002${said.join('\n')}\n`),
    packet(Buffer.concat([Buffer.from('\u0001'), ...report])),
    flush,
  ]);
  return new Response(new Uint8Array(body), {
    headers: { 'content-type': 'application/x-git-receive-pack-result', 'cache-control': 'no-cache' },
  });
}

/** Git's own answer, and above it a few lines that Git prints after `remote:`. */
export async function saying({ hears }: Push, answer: Response, lines: readonly string[]): Promise<Response> {
  if (!hears || lines.length === 0 || answer.status !== 200) return answer;
  const said = packet(`\u0002${lines.join('\n')}\n`);
  const body = Buffer.concat([said, Buffer.from(await answer.arrayBuffer())]);
  const headers = new Headers(answer.headers);
  headers.delete('content-length');
  return new Response(new Uint8Array(body), { status: answer.status, headers });
}

const flush = Buffer.from('0000');

function packet(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, '0')), bytes]);
}

/** Up to the next flush. */
function packetLines(
  body: Buffer,
  start: number,
): { readonly lines: readonly string[]; readonly end: number } {
  const lines: string[] = [];
  let at = start;
  while (at + 4 <= body.length) {
    const length = Number.parseInt(body.subarray(at, at + 4).toString(), 16);
    if (!Number.isFinite(length) || length < 4) return { lines, end: at + 4 };
    lines.push(body.subarray(at + 4, at + length).toString());
    at += length;
  }
  return { lines, end: at };
}

function readUpdate(line: string): Update[] {
  const match = /^([0-9a-f]{40}) ([0-9a-f]{40}) ([^\0\n]+)/.exec(line);
  if (!match?.[1] || !match[2] || !match[3]) return [];
  const known = (sha: string): string | null => (/^0+$/.test(sha) ? null : sha);
  return [{ ref: match[3], before: known(match[1]), after: known(match[2]) }];
}
