// Secrets as a desk's code holds them: marks without meaning, replaced by the text only in what leaves for a granted host.
import { Buffer } from 'node:buffer';
import type { Json } from '../sdk/json.ts';
import { OutsideRefusal } from './capabilities.ts';

export interface SecretMarks {
  /** The text with secrets in place of its marks. Throws `OutsideRefusal` where one is not granted for this host. */
  fill(text: string, host: string): Promise<string>;
  /** The same for every text in it. */
  fillAll(json: Json, host: string): Promise<Json>;
  has(text: string): boolean;
  /** One that was put in on our side, of which the code never had a mark. */
  keep(name: string, text: string): void;
  /** Takes out again what was put in: for what comes back, and for what is told. */
  hide(text: string): string;
  hideAll(json: Json): Json;
}

/** `nonce` is of this call alone, so that nobody who is outside of it can write a mark. */
export function createSecretMarks(
  nonce: string,
  secret: (name: string, host: string) => Promise<string | undefined> = async () => undefined,
): SecretMarks {
  const used = new Map<string, string>();

  /** What its marks stand for, by name. Each is read once, as the request leaves. */
  async function secretsIn(text: string, host: string): Promise<Secrets> {
    const names = new Set([...text.matchAll(markForm(nonce))].map(([, , name = '']) => decoded(name)));
    const read = [...names].map(async (name) => {
      const value = await secret(name, host);
      if (value !== undefined && value !== '') return [name, value] as const;
      const why = `The secret ${shownName(name)} is not granted to this desk for that host.`;
      throw new OutsideRefusal('not-granted', why);
    });
    return new Map(await Promise.all(read));
  }

  function textOf(secrets: Secrets, { kind, name, user }: Mark): string {
    const text = secrets.get(name) ?? '';
    const sent = kind === 'basic' ? Buffer.from(`${decoded(user)}:${text}`).toString('base64') : text;
    for (const each of [sent, ...formsOf(text)]) used.set(each, `(secret ${name})`);
    return sent;
  }

  function filled(text: string, secrets: Secrets): string {
    return text.replace(markForm(nonce), (_, kind: string, name: string, user: string = '') =>
      textOf(secrets, { kind, name: decoded(name), user }),
    );
  }
  function hide(text: string): string {
    let hidden = text;
    // The longest first: one may be part of another.
    for (const [sent, shown] of [...used].sort(([a], [b]) => b.length - a.length))
      hidden = hidden.replaceAll(sent, () => shown);
    return hidden;
  }

  return {
    fill: async (text, host) => filled(text, await secretsIn(text, host)),
    hide,
    has: (text) => markForm(nonce).test(text),
    keep(name, text) {
      if (text !== '') for (const each of formsOf(text)) used.set(each, `(secret ${name})`);
    },
    async fillAll(json, host) {
      const secrets = await secretsIn(JSON.stringify(json), host);
      return inTexts(json, (text) => filled(text, secrets));
    },
    hideAll: (json) => (used.size === 0 ? json : inTexts(json, hide)),
  };
}

/** As whoever was sent it may send it back. */
function formsOf(text: string): readonly string[] {
  return [text, Buffer.from(text).toString('base64'), encodeURIComponent(text)];
}

type Secrets = ReadonlyMap<string, string>;

interface Mark {
  readonly kind: string;
  readonly name: string;
  readonly user: string;
}

function markForm(nonce: string): RegExp {
  return new RegExp(`\\{\\{countersign:${nonce}:(text|basic):([^:{}]*)(?::([^:{}]*))?\\}\\}`, 'g');
}

/** The SDK encoded it; code that writes marks by itself may have done otherwise. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new OutsideRefusal('refused', 'The mark of a secret is broken.');
  }
}

function shownName(name: string): string {
  return /^[A-Z][A-Z0-9_]{0,99}$/.test(name) ? name : '(no name)';
}

function inTexts(json: Json, change: (text: string) => string): Json {
  if (typeof json === 'string') return change(json);
  if (json === null || typeof json !== 'object') return json;
  if (isList(json)) return json.map((each) => inTexts(each, change));
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [
      change(key),
      value === undefined ? value : inTexts(value, change),
    ]),
  );
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}
