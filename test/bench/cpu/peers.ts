import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';

const FOLDER = resolve(import.meta.dirname, '../peers');

/**
 * Installs what the others are made of on first use, so that the project's own `npm ci` need not; answers where each
 * one's server is.
 */
export const installPeers = (): Readonly<Record<string, string>> => {
  if (!existsSync(join(FOLDER, 'node_modules')))
    execFileSync('npm', ['ci', '--prefix', FOLDER, '--ignore-scripts', '--no-audit', '--no-fund'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  return {
    'Express + Mongoose': join(FOLDER, 'express.js'),
    'NestJS + Mongoose': compileNest(),
    'Fastify + driver': join(FOLDER, 'fastify.js'),
  };
};

/** NestJS lives on decorators and the types beside them, which neither Node nor esbuild keeps. */
const compileNest = (): string => {
  const source = readFileSync(join(FOLDER, 'nest.ts'), 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      useDefineForClassFields: false,
    },
  });
  const file = join(FOLDER, 'dist/nest.js');
  mkdirSync(join(FOLDER, 'dist'), { recursive: true });
  writeFileSync(file, outputText);
  return file;
};
