import { type HttpAnswer, gatewayAnswer, jsonAnswer } from '../http-api/http-answer.ts';
import { decodeLeniently } from '../http-api/http-path.ts';
import { textAt } from '../json.ts';
import { type Direction, type EventSystem, UnknownQueue } from './event-system.ts';
import { NoEvent, readSentEvents } from './sent-event.ts';

type Call = Readonly<{ query: URLSearchParams; body: () => Promise<unknown> }>;

const DEFAULT_LIMIT = 50;
const DIRECTIONS: readonly Direction[] = ['in', 'out'];

const post = async (events: EventSystem, { body }: Call): Promise<HttpAnswer> => {
  const [bus] = events.buses;
  if (bus === undefined) throw new NoEvent('The synthesized stacks have no bus.');
  const sent = readSentEvents(await body(), bus.name);
  const ids = sent.map((event) => {
    const given = events.put(event, 'in');
    return textAt(event.detail, 'id') ?? given;
  });
  return jsonAnswer(202, { ids });
};

const get = (events: EventSystem, { query }: Call): HttpAnswer => {
  const limit = query.get('limit') ?? String(DEFAULT_LIMIT);
  const asked = query.get('direction');
  const direction = DIRECTIONS.find((known) => known === asked);
  if (!/^[1-9]\d{0,3}$/.test(limit))
    return gatewayAnswer(400, 'limit must be a whole number from 1 to 9999.');
  if (asked !== null && direction === undefined) return gatewayAnswer(400, 'direction must be in or out.');
  return jsonAnswer(200, events.passed(Number(limit), direction));
};

/** `POST` and `GET /_local/events` and `GET /_local/queues`. */
export const eventEndpoints = (events: EventSystem) => ({
  'POST /_local/events': (call: Call) => post(events, call),
  'GET /_local/events': (call: Call) => get(events, call),
  'GET /_local/queues': () => jsonAnswer(200, events.queues()),
});

/** `POST /_local/queues/<name>/redrive`. */
export const redrive = (events: EventSystem, path: string): HttpAnswer => {
  const name = decodeLeniently(path.slice('/_local/queues/'.length, -'/redrive'.length));
  try {
    return jsonAnswer(200, { moved: events.redrive(name) });
  } catch (error) {
    if (error instanceof UnknownQueue) return gatewayAnswer(404, error.message);
    throw error;
  }
};
