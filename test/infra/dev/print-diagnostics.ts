import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/**
 * Prints what the compiler says of the files that it is given, below the folder of the first argument, with this
 * project's options. `tsc` would check all that these files import too, which takes twice as long.
 */
const [root = '', ...files] = process.argv.slice(2);
const { compilerOptions } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../tsconfig.json'), 'utf8'),
);
const { options } = ts.convertCompilerOptionsFromJson(compilerOptions, root);
const paths = files.map((file) => join(root, file));
const program = ts.createProgram(paths, options);
const diagnostics = paths.flatMap((path) => {
  const source = program.getSourceFile(path);
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
});
process.stdout.write(
  ts.formatDiagnostics([...program.getOptionsDiagnostics(), ...diagnostics], {
    getCurrentDirectory: () => root,
    getCanonicalFileName: (name) => name,
    getNewLine: () => '\n',
  }),
);
