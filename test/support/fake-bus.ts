import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** An event as the bus accepted it; `event` is its CloudEvent. */
export type Accepted = Readonly<{ bus: string; source: string; type: string; time: number; event: any }>;

/**
 * What the bus does with the events of a call: the code of a refusal for each, or null; or something with the whole call. It
 * `breaks` the connection, or it `forgets` to answer after it has accepted everything.
 */
export type Temper = (
  events: readonly any[],
) => readonly (string | null)[] | 'throttles' | 'breaks' | 'forgets';

export const OBLIGING: Temper = (events) => events.map(() => null);

/** A bus that speaks what EventBridge speaks, and does with each call what a test wants. */
export type FakeBus = {
  readonly url: string;
  temper: Temper;
  /** How long it takes for an answer. */
  answerMs: number;
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
  if (bus.answerMs > 0) await pause(bus.answerMs);
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
  const codes: readonly (string | null)[] = mood === 'forgets' ? events.map(() => null) : mood;
  const answers = entries.map((entry: any, index: number) => {
    const code = codes[index] ?? null;
    if (code !== null) return { ErrorCode: code, ErrorMessage: 'refused' };
    const { EventBusName, Source, DetailType, Time } = entry;
    bus.accepted.push({
      ...{ bus: EventBusName, source: Source, type: DetailType },
      ...{ time: Time, event: events[index] },
    });
    return { EventId: `bus-${String(bus.accepted.length)}` };
  });
  if (mood === 'forgets') {
    request.socket.destroy();
    return;
  }
  answer(response, 200, {
    FailedEntryCount: codes.filter((code) => code !== null).length,
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
    answerMs: 0,
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
