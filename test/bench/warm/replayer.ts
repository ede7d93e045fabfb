import {
  type AnyClientBulkWriteModel,
  type ClientSession,
  type Db,
  type Document,
  MongoClient,
  type TransactionOptions,
} from 'mongodb';
import type { BsonDocument } from '#infra/local/database/wire/bson-document.ts';
import type { Wave } from './recorder.ts';

/** What the driver adds to a command by itself. */
const ADDED = [
  'lsid',
  'txnNumber',
  'startTransaction',
  'autocommit',
  '$db',
  '$clusterTime',
  '$readPreference',
];

type Step = Readonly<{
  on: Db;
  body: Document;
  isInTransaction: boolean;
  /** The driver's own operation for it, where it has one. */
  operate: ((session: ClientSession | undefined) => Promise<unknown>) | null;
  /** Set when it opens a transaction. */
  opens?: TransactionOptions;
  closes: boolean;
}>;

const optionsOf = ({ readConcern }: BsonDocument, commit: BsonDocument = {}): TransactionOptions => ({
  readConcern: { level: (readConcern as { level: 'snapshot' }).level },
  writeConcern: commit['writeConcern'] as { w: 'majority' },
  maxCommitTimeMS: Number(commit['maxTimeMS']),
});

/** A recorded call, ready to be sent again: step by step in each lane, the lanes of a wave side by side. */
export type Prepared = readonly (readonly (readonly Step[])[])[];

const lanesOf = (steps: readonly Step[]): (readonly Step[])[] => {
  const [inTransaction = [], others = []] = [true, false].map((isIn) =>
    steps.filter((step) => step.isInTransaction === isIn),
  );
  return [...others.map((step) => [step]), ...(inTransaction.length > 0 ? [inTransaction] : [])];
};

/**
 * How a recorded command is sent again. `operations` is how whoever has nothing but the driver writes it: an aggregation by
 * a cursor, which the driver tries again on another connection, several writes by its bulk write. `commands` hands it the
 * very document to send, the least that it can be asked for.
 */
export type Form = 'operations' | 'commands';

/** One entry of a `bulkWrite` command as the driver is given it. */
const modelOf = (entry: Document, nsInfo: readonly Document[]): AnyClientBulkWriteModel<Document> => {
  const { insert, update, delete: remove, document, filter, updateMods, upsert } = entry;
  const namespace = String(nsInfo[Number(insert ?? update ?? remove)]?.['ns']);
  if (insert !== undefined) return { name: 'insertOne', namespace, document };
  if (remove !== undefined) return { name: 'deleteOne', namespace, filter };
  return {
    name: 'updateOne',
    namespace,
    filter,
    update: updateMods,
    ...(upsert !== undefined && { upsert }),
  };
};

/** Sends recorded commands by the driver alone to another database, each as it was: nothing else is done. */
export const replayerOn = async (uri: string, form: Form) => {
  const client = await MongoClient.connect(uri, { maxPoolSize: 2 });
  const database = client.db();
  const admin = client.db('admin');

  const operationOf = (body: Document): Step['operate'] => {
    const { aggregate, pipeline, cursor, bulkWrite, ops, nsInfo, errorsOnly: _, maxTimeMS, ...more } = body;
    const options = { ...more, ...cursor, maxTimeMS: Number(maxTimeMS) };
    if (aggregate !== undefined) {
      const collection = database.collection(String(aggregate));
      return (session) =>
        collection.aggregate(pipeline, { ...options, ...(session && { session }) }).toArray();
    }
    if (bulkWrite === undefined) return null;
    const models: AnyClientBulkWriteModel<Document>[] = ops.map((entry: Document) => modelOf(entry, nsInfo));
    return (session) => client.bulkWrite(models, { ...options, ...(session && { session }) });
  };

  /** @param commits the commits that are still to come, the next one first */
  const stepOf = (command: BsonDocument, commits: BsonDocument[]): Step => {
    const isInTransaction = command['autocommit'] === false;
    const opens = command['startTransaction'] === true;
    const left = opens ? [...ADDED, 'readConcern'] : ADDED;
    const body: Document = Object.fromEntries(
      Object.entries(command).filter(([name]) => !left.includes(name)),
    );
    if (Array.isArray(body['nsInfo'])) body['nsInfo'] = body['nsInfo'].map(here);
    return {
      on: command['$db'] === 'admin' ? admin : database,
      body,
      isInTransaction,
      operate: form === 'operations' ? operationOf(body) : null,
      ...(opens && { opens: optionsOf(command, commits.shift()) }),
      closes: 'commitTransaction' in command,
    };
  };
  const here = ({ ns }: { ns: string }) => ({ ns: ns.replace(/^[^.]*/, database.databaseName) });

  const send = async (step: Step, call: { session?: ClientSession }): Promise<void> => {
    if (step.opens !== undefined) {
      call.session = client.startSession();
      call.session.startTransaction(step.opens);
    }
    if (step.closes) {
      await call.session?.commitTransaction();
      await call.session?.endSession();
      return;
    }
    const session = step.isInTransaction ? call.session : undefined;
    if (step.operate !== null) {
      await step.operate(session);
      return;
    }
    const answer = await step.on.command(step.body, session && { session });
    if (answer['nErrors'] > 0 || answer['writeErrors'] !== undefined)
      throw new Error('A recorded write was refused: the replay no longer follows the recording.');
  };

  const replay = async (prepared: Prepared): Promise<void> => {
    const call = {};
    for (const lanes of prepared)
      await Promise.all(
        lanes.map(async (lane) => {
          for (const step of lane) await send(step, call);
        }),
      );
  };

  return {
    prepare: (waves: readonly Wave[]): Prepared => {
      const commits = waves.flat().filter((command) => 'commitTransaction' in command);
      return waves.map((wave) => lanesOf(wave.map((command) => stepOf(command, commits))));
    },
    replay,
    close: () => client.close(),
  };
};
