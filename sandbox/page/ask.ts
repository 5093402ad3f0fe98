/// <reference lib="dom" />
// Asks the sandbox, and shows its refusals.
import { byId } from './dom.ts';

export async function get<T>(path: string): Promise<T> {
  const response = await fetch(`/_sandbox/${path}`);
  const body: T = await response.json();
  if (!response.ok) throw new Error(messageOf(body));
  return body;
}

/** Undefined when it was refused: the reason is on the page then. */
export async function send<T>(path: string, input: unknown, method = 'POST'): Promise<T | undefined> {
  const response = await fetch(`/_sandbox/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: method === 'DELETE' ? null : JSON.stringify(input),
  });
  const text = await response.text();
  const body: T = text === '' ? {} : JSON.parse(text);
  if (response.ok) return body;
  notify(messageOf(body));
  return undefined;
}

let hiding: ReturnType<typeof setTimeout> | undefined;

export function notify(message: string): void {
  const notice = byId('notice');
  notice.textContent = message;
  notice.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => (notice.hidden = true), 6000);
}

function messageOf(body: unknown): string {
  if (typeof body !== 'object' || body === null) return 'The sandbox refused.';
  const { errors } = body as { errors?: ReadonlyArray<{ message?: string }> };
  const detail = errors?.[0]?.message;
  const message = 'message' in body ? String(body.message) : 'The sandbox refused.';
  return detail ? `${message}: ${detail}` : message;
}
