// countersign/sdk: all that the authors of hooks, answers, options and strategies import.
export * from './answers.ts';
export * from './events.ts';
export * from './json.ts';
export * from './outside.ts';
export * from './strategy.ts';
