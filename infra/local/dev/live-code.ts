import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { shortName } from '../console/human-lines.ts';
import type { Printer } from '../console/printer.ts';
import type { FunctionDefinition } from '../assembly/definitions.ts';
import type { Gateway } from '../gateway.ts';
import type { Develop } from '../lambda/lambda.ts';
import type { Builder, News } from './builder-process.ts';

type Served = Pick<Gateway, 'replaceCode' | 'warm' | 'environments'>;

/** A function whose newest code is awaited. */
type Awaited = Readonly<{ ready: Promise<unknown>; settle: () => void; since: number }>;

/** What stacks and the OpenAPI document are made of. */
const CONTRACTS = /(?:^|\/)contracts?\.ts$|^lib\/contract\//;
const RESTART =
  'contracts also make routes, grants and the OpenAPI document: restart to serve a change of those';

const ENDED = 'The process that bundles has ended. Restart npm run dev to serve what you save.';

export type LiveCodeOptions = Readonly<{
  /** The function that a person may halt with a debugger. */
  inspect?: string | undefined;
  printer: Pick<Printer, 'say' | 'built' | 'broken'>;
  now?: () => number;
}>;

/** Keeps the running functions at the newest code: the answer to a call after a save comes from what was saved. */
export class LiveCode {
  readonly #options: LiveCodeOptions;
  readonly #now: () => number;
  readonly #stale = new Map<string, Awaited>();
  /** Built since the last save, and why others could not be. */
  #built: Readonly<{ name: string; since: number }>[] = [];
  readonly #told = new Set<string>();
  readonly #folders = new Map<string, string>();
  #unbuilt: Set<string> | undefined;
  #builder: Pick<Builder, 'prefer'> | undefined;
  #gateway: Served | undefined;
  /** One piece of news after the other. */
  #handled = Promise.resolve();

  constructor(options: LiveCodeOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** What the gateway asks while it runs functions. */
  get develop(): Develop {
    const isHalted = ({ name }: FunctionDefinition): boolean => shortName(name) === this.#options.inspect;
    return {
      isHalted,
      nodeOptions: (definition) => [
        '--enable-source-maps',
        ...(isHalted(definition) ? ['--inspect=127.0.0.1:0'] : []),
      ],
      newestCode: (definition) => this.#newest(shortName(definition.name)),
    };
  }

  /**
   * Begins to follow what the builder tells.
   * @throws Error when the function to inspect does not exist
   */
  begin(gateway: Served, builder: Pick<Builder, 'prefer'>): void {
    const { inspect } = this.#options;
    const names = Object.keys(gateway.environments()).map(shortName);
    if (inspect !== undefined && !names.includes(inspect))
      throw new Error(`--inspect must name a function: ${names.sort().join(', ')}.`);
    this.#gateway = gateway;
    this.#builder = builder;
    this.#unbuilt = new Set(names);
    if (inspect !== undefined) builder.prefer([inspect]);
  }

  /** Takes news of the builder, in their order. */
  async take(news: News): Promise<void> {
    this.#handled = this.#handled
      .then(() => this.#handle(news))
      .catch((error: unknown) => {
        this.#options.printer.say(String(error));
      });
    await this.#handled;
  }

  async #handle({ kind, names, files, folder, reasons }: News): Promise<void> {
    if (kind === 'stale') this.#outdate(names);
    if (files.some((file) => CONTRACTS.test(file))) this.#options.printer.say(RESTART);
    if (kind === 'built') await Promise.all(names.map((name) => this.#replace(name, join(folder, name))));
    if (kind === 'built' || kind === 'broken') this.#settle(names, reasons);
    if (kind === 'ended') this.#settle([...this.#stale.keys()], [ENDED]);
  }

  async #newest(name: string): Promise<void> {
    const awaited = this.#stale.get(name);
    if (awaited === undefined) return;
    this.#builder?.prefer([name]);
    await awaited.ready;
  }

  #outdate(names: readonly string[]): void {
    for (const name of names) {
      if (this.#stale.has(name)) continue;
      const { promise: ready, resolve } = Promise.withResolvers();
      const settle = (): void => {
        resolve(undefined);
      };
      this.#stale.set(name, { ready, settle, since: this.#now() });
    }
    const running = Object.entries(this.#gateway?.environments() ?? {})
      .filter(([, pids]) => pids.length > 0)
      .map(([name]) => shortName(name));
    this.#builder?.prefer(running);
  }

  async #replace(name: string, folder: string): Promise<void> {
    const before = this.#folders.get(name);
    this.#folders.set(name, folder);
    const replaced = await this.#gateway?.replaceCode(name, folder);
    if (name === this.#options.inspect) this.#gateway?.warm(name);
    // An environment may just be starting from it.
    if (before !== undefined) void replaced?.ended.then(() => rm(before, { recursive: true, force: true }));
  }

  #settle(names: readonly string[], reasons: readonly string[]): void {
    for (const name of names) {
      const awaited = this.#stale.get(name);
      this.#stale.delete(name);
      awaited?.settle();
      if (awaited !== undefined && reasons.length === 0) this.#built.push({ name, since: awaited.since });
    }
    for (const reason of reasons) this.#complain(reason);
    if (this.#stale.size === 0) this.#sumUp();
    this.#noteFirst(names);
  }

  /** Every function that has a broken file is broken for the same reason: it is said once. */
  #complain(reason: string): void {
    if (!this.#told.has(reason)) this.#options.printer.broken(reason);
    this.#told.add(reason);
  }

  /** Tells of all functions that a save concerned at once, when the last one is settled. */
  #sumUp(): void {
    const built = this.#built;
    this.#built = [];
    this.#told.clear();
    if (built.length === 0) return;
    const durationMs = this.#now() - Math.min(...built.map(({ since }) => since));
    this.#options.printer.built({ names: built.map(({ name }) => name), durationMs });
  }

  /** Says when every function was built once, and so has source maps. */
  #noteFirst(names: readonly string[]): void {
    for (const name of names) this.#unbuilt?.delete(name);
    if (this.#unbuilt?.size !== 0) return;
    this.#unbuilt = undefined;
    this.#options.printer.say('watching: all functions have source maps now');
  }
}
