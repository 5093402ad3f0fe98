// A throwaway sandbox with the built app beside it, for tests: it is up soonest.
import type { RunningSandbox } from '../sandbox/main.ts';
import { runThrowaway } from '../sandbox/throwaway.ts';
import { builtApp, builtCli } from './built.ts';

/** Whoever runs one stops it. */
export async function runBuilt(
  logLevel: 'error' | 'fatal',
  options: { readonly past?: boolean } = {},
): Promise<RunningSandbox> {
  return runThrowaway(logLevel, { ...options, app: await builtApp(), cli: await builtCli() });
}
