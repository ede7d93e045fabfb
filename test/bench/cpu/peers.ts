import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
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
    'Express + Mongoose': join(FOLDER, 'express/server.js'),
    'NestJS + Mongoose': compileNest(),
    'Fastify + driver': join(FOLDER, 'fastify/server.js'),
  };
};

/** NestJS lives on decorators and the types beside them, which neither Node nor esbuild keeps. */
const compileNest = (): string => {
  const [from, to] = [join(FOLDER, 'nest'), join(FOLDER, 'dist')];
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    const { outputText } = ts.transpileModule(readFileSync(join(from, name), 'utf8'), {
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.ESNext,
        experimentalDecorators: true,
        emitDecoratorMetadata: true,
        useDefineForClassFields: false,
      },
    });
    writeFileSync(join(to, name.replace(/\.ts$/, '.js')), outputText);
  }
  return join(to, 'server.js');
};
