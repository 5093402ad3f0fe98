// Addresses and node ids in the shape of GitHub Enterprise Server.

export interface Links {
  /** `http://127.0.0.1:3000`; known once the server listens. */
  origin: string;
}

export function api(links: Links, path: string): string {
  return `${links.origin}/api/v3${path}`;
}

export function html(links: Links, path: string): string {
  return `${links.origin}${path}`;
}

const prefixes = {
  app: 'A',
  bot: 'BOT',
  checkRun: 'CR',
  checkSuite: 'CS',
  comment: 'IC',
  commit: 'C',
  installation: 'IN',
  invitation: 'RI',
  issue: 'I',
  label: 'LA',
  organization: 'O',
  pull: 'PR',
  reaction: 'REA',
  ref: 'REF',
  repository: 'R',
  team: 'T',
  user: 'U',
} as const;
export type NodeKind = keyof typeof prefixes;

/** GitHub's own form: a prefix, then a MessagePack array of zero, the owner's id if any, and the id. */
export function nodeId(kind: NodeKind, ...ids: readonly (number | string)[]): string {
  const parts = [0, ...ids].map(pack);
  const bytes = Buffer.concat([Buffer.from([0x90 + parts.length]), ...parts]);
  return `${prefixes[kind]}_${bytes.toString('base64url')}`;
}

function pack(value: number | string): Buffer {
  if (typeof value === 'string') {
    const text = Buffer.from(value);
    return Buffer.concat([Buffer.from([0xd9, text.length]), text]);
  }
  if (value < 128) return Buffer.from([value]);
  if (value > 0xff_ff_ff_ff) {
    const long = Buffer.alloc(9, 0xcf);
    long.writeBigUInt64BE(BigInt(value), 1);
    return long;
  }
  const word = Buffer.alloc(5, 0xce);
  word.writeUInt32BE(value, 1);
  return word;
}
