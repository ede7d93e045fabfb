import { randomUUID } from 'node:crypto';
import type { Environment, Outcome } from './environment.ts';

type Job = Readonly<{ payload: string; done: (outcome: Outcome) => void }>;

/** The environments of one function, up to a limit. Invocations above the limit wait in order. */
export class FunctionPool {
  readonly #start: () => Environment;
  #limit: number;
  readonly #environments = new Set<Environment>();
  readonly #idle: Environment[] = [];
  readonly #waiting: Job[] = [];
  /** What runs an invocation with code that was replaced meanwhile. */
  readonly #outdated = new Set<Environment>();

  constructor(start: () => Environment, limit: number) {
    this.#start = start;
    this.#limit = limit;
  }

  /** Runs one invocation. Aborting removes it from the queue; a running one continues, as on Lambda. */
  async invoke(payload: string, signal?: AbortSignal): Promise<Outcome> {
    return new Promise((done) => {
      const job = { payload, done };
      signal?.addEventListener('abort', () => {
        const place = this.#waiting.indexOf(job);
        if (place >= 0) this.#waiting.splice(place, 1);
      });
      this.#waiting.push(job);
      this.#dispatch();
    });
  }

  get pids(): number[] {
    return [...this.#environments].filter(({ isAlive }) => isAlive).map(({ pid }) => pid);
  }

  /**
   * Ends the environments with the code so far: idle ones now, the others after their invocation. If there was one, a new one
   * starts, so that the next caller does not wait for it.
   * @returns what resolves when all of them have ended
   */
  renew(): Promise<unknown> {
    const all = [...this.#environments];
    const idle = this.#idle.splice(0);
    for (const environment of all) if (!idle.includes(environment)) this.#outdated.add(environment);
    for (const environment of idle) environment.kill();
    if (all.length > 0)
      void Promise.all(idle.map(({ ended }) => ended)).then(() => {
        this.warm();
      });
    return Promise.all(all.map(({ ended }) => ended));
  }

  /** Starts an environment ahead of the next invocation. */
  warm(): void {
    const environment = this.#idle.length > 0 ? undefined : this.#take();
    if (environment !== undefined) this.#idle.push(environment);
    this.#dispatch();
  }

  /** Kills every environment, waits until all have ended, and starts no others. */
  async stop(): Promise<void> {
    this.#limit = 0;
    this.#waiting.length = 0;
    for (const environment of this.#environments) environment.kill();
    await Promise.all([...this.#environments].map(({ ended }) => ended));
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const environment = this.#take();
      const job = environment === undefined ? undefined : this.#waiting.shift();
      if (environment === undefined || job === undefined) return;
      void this.#run(environment, job);
    }
  }

  /** The environment used last, as Lambda chooses it, or a new one if the limit allows. */
  #take(): Environment | undefined {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (idle.isAlive) return idle;
    }
    if (this.#environments.size >= this.#limit) return undefined;
    const environment = this.#start();
    this.#environments.add(environment);
    void environment.ended.then(() => {
      this.#environments.delete(environment);
      this.#dispatch();
    });
    return environment;
  }

  async #run(environment: Environment, { payload, done }: Job): Promise<void> {
    const outcome = await environment.invoke({ requestId: randomUUID(), payload });
    if (this.#outdated.delete(environment)) environment.kill();
    else if (environment.isAlive) this.#idle.push(environment);
    done(outcome);
    this.#dispatch();
  }
}
