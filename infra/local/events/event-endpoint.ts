import { createServer, type IncomingMessage } from 'node:http';
import type { FunctionDefinition } from '../assembly/definitions.ts';
import { type HttpAnswer, send } from '../http-api/http-answer.ts';
import { readBody, readHead } from '../http-api/http-request.ts';
import { isObject, type JsonObject, listAt, parseJson, textAt } from '../json.ts';
import { accessKeyIdOf, type Callers } from '../lambda/callers.ts';
import { closeServer, listen } from '../listen.ts';
import type { EventSystem } from './event-system.ts';

/** The address to which functions put events. */
export type EventEndpoint = Readonly<{ url: string; stop: () => Promise<void> }>;

type EventEndpointOptions = Readonly<{
  events: EventSystem;
  callers: Callers;
  /** Takes a line for each refused call, with the name of the function that made it. */
  log: (functionName: string, line: string) => void;
}>;

/** What EventBridge takes in one call. */
const MOST_ENTRIES = 10;
const LARGEST_BODY_BYTES = 1024 * 1024;

const PUT_EVENTS = 'AWSEvents.PutEvents';
const ENTRY_FIELDS = ['Source', 'DetailType', 'Detail', 'EventBusName', 'Time'];

class Refused extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The answers of the protocol AWS JSON 1.1. */
const answer = (status: number, body: JsonObject): HttpAnswer => ({
  status,
  headers: [['content-type', 'application/x-amz-json-1.1']],
  body: Buffer.from(JSON.stringify(body)),
});

const objectIn = (text: string): JsonObject | undefined => {
  try {
    const value = parseJson(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** Puts one entry on its bus, if the role of the function may. An entry that is not whole fails alone, as on AWS. */
const putEntry = (entry: JsonObject, caller: FunctionDefinition, events: EventSystem): JsonObject => {
  const unplayed = Object.keys(entry).find((name) => !ENTRY_FIELDS.includes(name));
  if (unplayed !== undefined) throw new Refused('ValidationException', `${unplayed} is not played here.`);
  const busName = (textAt(entry, 'EventBusName') ?? 'default').replace(/^arn:.*:event-bus\//, '');
  const bus = events.buses.find(({ name }) => name === busName);
  if (bus === undefined)
    throw new Refused('ResourceNotFoundException', `There is no bus ${busName} in the synthesized stacks.`);
  if (!caller.mayDo('events:PutEvents', bus.arn))
    throw new Refused(
      'AccessDeniedException',
      `${caller.name} is not authorized to perform events:PutEvents on ${bus.arn}: its role does not allow it.`,
    );
  const source = textAt(entry, 'Source') ?? '';
  const detailType = textAt(entry, 'DetailType') ?? '';
  const detail = objectIn(textAt(entry, 'Detail') ?? '');
  if (source === '' || detailType === '')
    return { ErrorCode: 'InvalidArgument', ErrorMessage: 'Source and DetailType must not be empty.' };
  if (detail === undefined)
    return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail must be the text of a JSON object.' };
  return { EventId: events.put({ busName, source, detailType, detail }, 'out') };
};

const putEvents = (body: JsonObject, caller: FunctionDefinition, events: EventSystem): JsonObject => {
  const entries = listAt(body, 'Entries').filter(isObject);
  if (entries.length === 0 || entries.length > MOST_ENTRIES)
    throw new Refused('ValidationException', `A call must have 1 to ${String(MOST_ENTRIES)} entries.`);
  const results = entries.map((entry) => putEntry(entry, caller, events));
  return {
    Entries: results,
    FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length,
  };
};

type Call = Readonly<{ message: IncomingMessage; caller: FunctionDefinition | undefined }>;

const answerTo = async ({ message, caller }: Call, events: EventSystem): Promise<HttpAnswer> => {
  const bytes = await readBody(message, LARGEST_BODY_BYTES);
  const operation = readHead(message).headers.get('x-amz-target') ?? '';
  if (caller === undefined)
    throw new Refused(
      'UnrecognizedClientException',
      'The call is not signed by an environment of this machine.',
    );
  if (operation !== PUT_EVENTS) throw new Refused('ValidationException', `${operation} is not played here.`);
  const body = objectIn(bytes?.toString() ?? '');
  if (body === undefined) throw new Refused('SerializationException', 'The body must be a JSON object.');
  return answer(200, putEvents(body, caller, events));
};

/** Starts the endpoint on 127.0.0.1. A function can put events only on a bus that its role allows, as on AWS. */
export const startEventEndpoint = async ({
  events,
  callers,
  log,
}: EventEndpointOptions): Promise<EventEndpoint> => {
  const server = createServer((message, response) => {
    const caller = callers.of(accessKeyIdOf(readHead(message)));
    answerTo({ message, caller }, events)
      .catch((error: unknown) => {
        const { code, message: why } =
          error instanceof Refused ? error : new Refused('InternalException', String(error));
        log(caller?.name ?? 'events', `${code}: ${why}`);
        return answer(code === 'InternalException' ? 500 : 400, { __type: code, message: why });
      })
      .then(
        (ready) => {
          send(response, ready);
        },
        () => response.destroy(),
      );
  });
  const port = await listen(server, { host: '127.0.0.1', port: 0 });
  return { url: `http://127.0.0.1:${String(port)}`, stop: () => closeServer(server) };
};
