import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { arrows } from './infra/dev/lint/arrows.ts';
import { makers } from './infra/dev/lint/makers.ts';

const NO_BARRELS = {
  selector: 'ExportAllDeclaration',
  message: 'No `export *`: a barrel costs a bundle whatever it names. Import from the file that has it.',
};
const NO_DEFAULTS = {
  selector: 'ExportDefaultDeclaration',
  message: 'No default exports: a thing has one name, everywhere.',
};
const NO_CLOCK = {
  selector: "NewExpression[callee.name='Date'][arguments.length=0]",
  message: 'The domain has no clock: take the time as a parameter.',
};
const NO_SAVE = {
  selector: "CallExpression[callee.property.name='save']",
  message:
    'No document.save(): it reads before it writes and loses updates. Stage the write in the unit of work.',
};
const RAW_ACCESS =
  '/^(bulkWrite|collection|createCollection|dropCollection|dropDatabase|getClient|model|startSession|useDb|watch)$/';
const NO_RAW_ACCESS = {
  selector: `MemberExpression[property.name='db'], CallExpression[callee.property.name=${RAW_ACCESS}]`,
  message:
    'No raw access to the database: it passes the check that every query is scoped. Go through the models.',
};
const NO_SKIPPED_GUARD = {
  selector: "Property[key.name='middleware'], Property[key.value='middleware']",
  message: 'Mongoose runs no middleware then, and so not the guard of the schema. Leave the option out.',
};

const only = (...restrictions) => ({ 'no-restricted-syntax': ['error', ...restrictions] });

export default defineConfig(
  {
    ignores: [
      'dist/',
      'cdk.out/',
      'site/',
      '.local/',
      'coverage/',
      '.stryker-*/',
      'test/bench/peers/',
      'test/**/fixtures/functions/',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { rooms: { rules: { arrows, makers } } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'rooms/arrows': 'error',
      'rooms/makers': 'error',
      'no-console': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // Mongoose and the driver take plain objects where their types name classes.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      ...only(NO_BARRELS, NO_DEFAULTS),
    },
  },
  {
    files: ['lib/domain/**'],
    rules: {
      ...only(NO_BARRELS, NO_DEFAULTS, NO_CLOCK),
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'The domain has no environment: take the setting as a parameter.' },
        { name: 'performance', message: 'The domain has no clock: take the time as a parameter.' },
      ],
      'no-restricted-properties': [
        'error',
        {
          object: 'Date',
          property: 'now',
          message: 'The domain has no clock: take the time as a parameter.',
        },
      ],
    },
  },
  {
    files: ['lib/store/**', 'lib/serve/**', 'functions/**'],
    rules: only(NO_BARRELS, NO_DEFAULTS, NO_SAVE, NO_SKIPPED_GUARD, NO_RAW_ACCESS),
  },
  {
    // They make the database, its models and its transactions, check it, or go past the models with a guard.
    files: [
      'lib/store/database/connection.ts',
      'lib/store/isolation/guarded-aggregate.ts',
      'lib/store/isolation/guarded-bulk-write.ts',
      'lib/store/migrations/**',
      'lib/store/isolation/guarded-model.ts',
      'lib/store/database/transaction.ts',
    ],
    rules: only(NO_BARRELS, NO_DEFAULTS, NO_SAVE, NO_SKIPPED_GUARD),
  },
  {
    files: ['test/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          name: 'fast-check',
          message: 'Take fc from test/support/fast-check.ts, which has the seed of the run.',
        },
      ],
      // Tests look at answers and rows from outside, where nothing has a type.
      '@typescript-eslint/consistent-type-assertions': 'off',
      '@typescript-eslint/no-deprecated': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/restrict-plus-operands': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
    },
  },
  {
    // Jest takes its set-up and tear-down as default exports.
    files: ['test/support/global-*.ts'],
    rules: only(NO_BARRELS),
  },
  {
    files: ['**/index.ts'],
    rules: only({ selector: 'Program', message: 'No index.ts: name the file after what it holds.' }),
  },
);
