// How whoever reads a hint calls us: it is to be copied, and to work.

/** Without the command that follows. `environment`: what npm tells the programs that it starts. */
export function asCalled(environment: { readonly [name: string]: string | undefined }): string {
  if (environment['npm_lifecycle_event'] === 'countersign') return 'npm run countersign --';
  return environment['npm_command'] === 'exec' ? 'npx countersign' : 'countersign';
}
