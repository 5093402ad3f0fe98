// Waits for what other processes bring about: looks often, gives up late, and says what it waited for.

/** Long enough for a machine that is busy with something else. */
const patienceMs = 120_000;
const lookEveryMs = 20;

export async function until(what: string, isSo: () => boolean, withinMs = patienceMs): Promise<void> {
  if (!(await isSoon(isSo, withinMs))) throw new Error(`Waited ${withinMs / 1000} s for ${what}.`);
}

/** Whether it came about in time. */
export async function isSoon(isSo: () => boolean, withinMs: number): Promise<boolean> {
  const giveUp = Date.now() + withinMs;
  while (!isSo() && Date.now() < giveUp) await pause(lookEveryMs);
  return isSo();
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
