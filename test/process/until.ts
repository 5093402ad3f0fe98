// Waits for what other processes bring about: looks often, gives up late, and says what it waited for.

/** Long enough for a machine that is busy with something else. */
const patienceMs = 180_000;
const lookEveryMs = 20;

export async function until(what: string, isSo: () => boolean, withinMs = patienceMs): Promise<void> {
  const giveUp = Date.now() + withinMs;
  while (!isSo()) {
    if (Date.now() > giveUp) throw new Error(`Waited ${withinMs / 1000} s for ${what}.`);
    await pause(lookEveryMs);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
