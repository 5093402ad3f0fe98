// Secrets as a desk's code holds them: marks without meaning, replaced by the text only in what leaves for a granted host.
import { Buffer } from 'node:buffer';
import type { Json } from '../sdk/json.ts';
import { OutsideRefusal } from './capabilities.ts';

export interface SecretMarks {
  /** The text with secrets in place of its marks. Throws `OutsideRefusal` where one is not granted for this host. */
  fill(text: string, host: string): string;
  /** The same for every text in it. */
  fillAll(json: Json, host: string): Json;
  has(text: string): boolean;
  /** Takes out again what was put in: for what comes back, and for what is told. */
  hide(text: string): string;
  hideAll(json: Json): Json;
}

/** `nonce` is of this call alone, so that nobody who is outside of it can write a mark. */
export function createSecretMarks(
  nonce: string,
  secret: (name: string, host: string) => string | undefined = () => undefined,
): SecretMarks {
  const used = new Map<string, string>();

  function textOf(kind: string, encodedName: string, user: string, host: string): string {
    const name = decoded(encodedName);
    const text = secret(name, host);
    if (text === undefined || text === '')
      throw new OutsideRefusal(
        'not-granted',
        `The secret ${shownName(name)} is not granted to this desk for that host.`,
      );
    const sent = kind === 'basic' ? Buffer.from(`${decoded(user)}:${text}`).toString('base64') : text;
    for (const each of [sent, text, Buffer.from(text).toString('base64'), encodeURIComponent(text)])
      used.set(each, `(secret ${name})`);
    return sent;
  }

  function fill(text: string, host: string): string {
    return text.replace(markForm(nonce), (_, kind: string, name: string, user: string = '') =>
      textOf(kind, name, user, host),
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
    fill,
    hide,
    has: (text) => markForm(nonce).test(text),
    fillAll: (json, host) => inTexts(json, (text) => fill(text, host)),
    hideAll: (json) => (used.size === 0 ? json : inTexts(json, hide)),
  };
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
