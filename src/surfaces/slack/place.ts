// What a form on Slack carries along unseen: what it is about, and where it was opened.

/** A few short texts by name. */
export type Place = { readonly [name: string]: string };

export function printPlace(place: Place): string {
  return JSON.stringify(place);
}

/** From a view's `private_metadata`; empty where it is none of ours. */
export function readPlace(text: string): Place {
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read !== 'object' || read === null) return {};
    return Object.fromEntries(
      Object.entries(read).flatMap(([name, value]: [string, unknown]) =>
        typeof value === 'string' ? [[name, value]] : [],
      ),
    );
  } catch {
    return {};
  }
}
