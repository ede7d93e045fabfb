import {
  type BsonDocument,
  readFaithfully,
  splitSequence,
} from '#infra/local/database/wire/bson-document.ts';
import type { Frame } from '#infra/local/database/wire/frame.ts';
import { opMsg, readOpMsg } from '#infra/local/database/wire/op-msg.ts';
import { startTap } from '#test/support/wire/tap.ts';

/** Commands that were under way together: the first left when nothing else was. */
export type Wave = readonly BsonDocument[];

/** The whole command, with the types it was sent with. */
const commandIn = ({ payload }: Frame): BsonDocument => {
  const { body, sequences } = readOpMsg(payload);
  const lists = [...sequences].map(([name, bytes]) => [name, splitSequence(bytes).map(readFaithfully)]);
  return { ...readFaithfully(body), ...Object.fromEntries(lists) };
};

/** Greetings and goodbyes: the driver's own, at times of its own. */
const isOfTheDriver = (command: BsonDocument): boolean => !('lsid' in command) || 'endSessions' in command;

/** Listens between a client and the database. What connects to its `uri` is written down. */
export const startRecorder = async (databaseUri: string) => {
  const uri = new URL(databaseUri);
  const [host = '127.0.0.1', port = '27017'] = uri.host.split(':');
  const underWay = new Set<string>();
  let waves: BsonDocument[][] = [];
  const { address } = await startTap(
    { host, port: Number(port) },
    {
      asked: (message, connection) => {
        const command = message.opCode === opMsg ? commandIn(message) : {};
        if (isOfTheDriver(command)) return;
        if (underWay.size === 0) waves.push([]);
        underWay.add(`${connection} ${message.requestId}`);
        waves.at(-1)?.push(command);
      },
      answered: (message, connection) => void underWay.delete(`${connection} ${message.responseTo}`),
    },
  );
  uri.host = address;
  // The driver must not learn the real address, or it would go around.
  uri.searchParams.delete('replicaSet');
  uri.searchParams.set('directConnection', 'true');
  return {
    uri: uri.href,
    /** What was sent since it was last asked. */
    take: (): readonly Wave[] => {
      const taken = waves;
      waves = [];
      return taken;
    },
  };
};
