import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { isObject, isText, listAt, textAt } from '../json.ts';

const BUILDER = resolve(import.meta.dirname, '../../build/dev/builder.ts');

/** What the builder tells: see infra/build/dev/builder.ts. */
export type News = Readonly<{
  kind: string;
  names: readonly string[];
  files: readonly string[];
  reasons: readonly string[];
  /** The folder of each function is in it, under its name. */
  folder: string;
}>;

/** The process that bundles functions again when a file of theirs is saved. */
export type Builder = Readonly<{
  /** Says which functions somebody waits for. */
  prefer: (names: readonly string[]) => void;
  stop: () => Promise<void>;
}>;

const readNews = (message: unknown): News => {
  const news = isObject(message) ? message : {};
  const texts = (key: string): string[] => listAt(news, key).filter(isText);
  return {
    kind: textAt(news, 'kind') ?? '',
    ...{ names: texts('names'), files: texts('files'), reasons: texts('reasons') },
    folder: textAt(news, 'folder') ?? '',
  };
};

const stopped = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
};

/**
 * Starts the builder. Its bundles go into `outdir`.
 * @param only these functions; default: all
 */
export const startBuilder = (
  outdir: string,
  onNews: (news: News) => void,
  only: readonly string[] = [],
): Builder => {
  const child = spawn(process.execPath, [BUILDER, outdir, ...only], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  child.on('message', (message) => {
    onNews(readNews(message));
  });
  // Telling a builder that has ended emits an error; the service then runs on as it is.
  child.on('error', () => undefined);
  let isStopping = false;
  child.once('exit', () => {
    if (!isStopping) onNews(readNews({ kind: 'ended' }));
  });
  return {
    prefer: (names) => {
      if (child.connected) child.send({ prefer: names });
    },
    stop: () => {
      isStopping = true;
      return stopped(child);
    },
  };
};
