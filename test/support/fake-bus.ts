import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll } from '@jest/globals';

/** An event as the bus accepted it; `event` is its CloudEvent. */
export type Accepted = Readonly<{ bus: string; source: string; type: string; time: number; event: any }>;

/** What the bus does with the events of a call: the code of a refusal for each, or null; or one answer to the call itself. */
type Temper = (events: readonly any[]) => readonly (string | null)[] | 'throttles' | 'breaks';

export const OBLIGING: Temper = (events) => events.map(() => null);

/** A bus that speaks what EventBridge speaks, and does with each call what a test wants. */
export type FakeBus = {
  readonly url: string;
  temper: Temper;
  /** Everything that it accepted, in the order of acceptance. */
  readonly accepted: Accepted[];
  /** The events of each call that it answered, accepted or not. */
  readonly calls: (readonly any[])[];
  stop: () => Promise<void>;
};

const textOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
};

const answer = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
};

const handle = async (bus: FakeBus, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  if (request.headers['x-amz-target'] !== 'AWSEvents.PutEvents') {
    answer(response, 404, {});
    return;
  }
  const { Entries: entries } = JSON.parse(await textOf(request));
  const events = entries.map(({ Detail }: any) => JSON.parse(Detail));
  const mood = bus.temper(events);
  if (mood === 'breaks') {
    request.socket.destroy();
    return;
  }
  if (mood === 'throttles') {
    answer(response, 400, { __type: 'ThrottlingException', message: 'Rate exceeded' });
    return;
  }
  bus.calls.push(events);
  const answers = entries.map((entry: any, index: number) => {
    const code = mood[index] ?? null;
    if (code !== null) return { ErrorCode: code, ErrorMessage: 'refused' };
    const { EventBusName, Source, DetailType, Time } = entry;
    bus.accepted.push({
      bus: EventBusName,
      source: Source,
      type: DetailType,
      time: Time,
      event: events[index],
    });
    return { EventId: `bus-${String(bus.accepted.length)}` };
  });
  answer(response, 200, {
    FailedEntryCount: mood.filter((code) => code !== null).length,
    Entries: answers,
  });
};

export const startBus = async (): Promise<FakeBus> => {
  const server = createServer((request, response) => {
    handle(bus, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bus: FakeBus = {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    temper: OBLIGING,
    accepted: [],
    calls: [],
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return bus;
};

/** The environment of a function that puts events on this bus. */
export const busEnvironment = ({ url }: Pick<FakeBus, 'url'>) => ({
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_REGION: 'eu-central-1',
  AWS_ENDPOINT_URL_EVENTBRIDGE: url,
  EVENT_BUS: 'a-bus',
});

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
    get accepted() {
      return bus().accepted;
    },
    get calls() {
      return bus().calls;
    },
    stop: () => bus().stop(),
  };
};
