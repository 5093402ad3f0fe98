// What an operator can do where the app does not start: the setting that is most likely wrong, and where to find it.

/** Undefined where we do not know better than the error itself. No setting's value is in it. */
export function startHint(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && error.code === 'EADDRINUSE') return 'The port is taken. Set PORT to another.';
  return hints.find(([pattern]) => pattern.test(error.message))?.[1];
}

/** By GitHub's words, which do not say which of our settings they are about. */
const hints: readonly (readonly [RegExp, string])[] = [
  [
    /JSON web token could not be decoded/,
    'PRIVATE_KEY is no key of the app in APP_ID. Generate one on the app’s settings page.',
  ],
  [
    /Integration not found/,
    'GitHub knows no app by this APP_ID. It is the “App ID” on the app’s settings page; on GitHub Enterprise Server set GHE_HOST as well.',
  ],
  [
    /not installed on this repository/,
    'Install the app on each repository in COUNTERSIGN_DESKS, and compare the number after #: gh api repos/OWNER/NAME --jq .id prints it.',
  ],
];
