// What the compiler does not say: no casts outside the few files that assert the types of outside data.
import tseslint from 'typescript-eslint';

const castsAllowedIn = [
  'src/domain/names.ts', // ids and instants are minted here
  'src/domain/entry-line.ts', // a ledger line, right after its check
  'src/domain/desk-entry-line.ts', // an entry, as its parts are put together
  'src/desk/schema/validator.ts', // right after Ajv has validated
  'src/clients/github-data.ts', // what GitHub answers
  'sandbox/page/**', // the browser's DOM
];

export default tseslint.config(
  { ignores: ['node_modules/', 'dist/', '.countersign/', '**/generated/**', 'coverage/'] },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Name your exports.' },
        {
          selector: "CallExpression[callee.object.name='vi'][callee.property.name='mock']",
          message: 'Fake the world, not the module.',
        },
      ],
    },
  },
  { files: castsAllowedIn, rules: { '@typescript-eslint/consistent-type-assertions': 'off' } },
  // JavaScript that readers take over has no types.
  { files: ['docs/**/*.mjs'], rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' } },
  { files: ['*.config.*'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['src/domain/**', 'src/engine/**'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
          message: 'Time is an argument.',
        },
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Time is an argument.',
        },
        {
          selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
          message: 'Chance is an argument.',
        },
      ],
    },
  },
  {
    files: ['sandbox/**', 'src/main.ts', 'src/cli.ts', 'test/**/main.ts', 'src/app/generate.ts'],
    rules: { 'no-console': 'off' },
  },
);
