import { afterAll, beforeAll } from '@jest/globals';
import { busEnvironment, type FakeBus, startBus } from './fake-bus.ts';

/** A bus for the tests of a file, whose process gets the environment of a function that puts events on it. */
export const useBus = (): FakeBus => {
  let running: FakeBus | undefined;
  let before: Record<string, string | undefined> = {};
  beforeAll(async () => {
    running = await startBus();
    const environment = busEnvironment(running);
    before = Object.fromEntries(Object.keys(environment).map((name) => [name, process.env[name]]));
    Object.assign(process.env, environment);
  });
  afterAll(async () => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    await running?.stop();
  });
  const bus = (): FakeBus => {
    if (running === undefined) throw new Error('The bus runs from beforeAll to afterAll.');
    return running;
  };
  return {
    get url() {
      return bus().url;
    },
    get temper() {
      return bus().temper;
    },
    set temper(temper) {
      bus().temper = temper;
    },
    get answerMs() {
      return bus().answerMs;
    },
    set answerMs(ms) {
      bus().answerMs = ms;
    },
    get accepted() {
      return bus().accepted;
    },
    get calls() {
      return bus().calls;
    },
    stop: () => bus().stop(),
  };
};
