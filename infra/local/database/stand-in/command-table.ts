import {
  aggregate,
  find,
  getMore,
  killCursors,
  listCollections,
  listIndexes,
} from './commands/cursor-commands.ts';
import { bulkWrite } from './commands/bulk-write.ts';
import { explain } from './commands/explain.ts';
import * as schema from './commands/schema-commands.ts';
import { deleteDocuments, findAndModify, insert, update } from './commands/writes.ts';
import type { Cursors } from './cursors.ts';
import type { Answer, Engine } from './engine.ts';
import type { Request } from './request.ts';

/** A command that works on the database. */
export type DataCommand = (request: Request, engine: Engine, cursors: Cursors) => Promise<Answer>;

const table: ReadonlyMap<string, DataCommand> = new Map(
  Object.entries({
    find,
    aggregate,
    getMore,
    killCursors,
    listCollections,
    listIndexes,
    insert,
    update,
    delete: deleteDocuments,
    findAndModify,
    findandmodify: findAndModify,
    bulkWrite,
    explain,
    count: schema.count,
    distinct: schema.distinct,
    validate: schema.validate,
    create: schema.create,
    collMod: schema.collMod,
    drop: schema.drop,
    dropDatabase: schema.dropDatabase,
    renameCollection: schema.renameCollection,
    createIndexes: schema.createIndexes,
    dropIndexes: schema.dropIndexes,
    deleteIndexes: schema.dropIndexes,
    collStats: schema.collStats,
    dbStats: schema.dbStats,
    listDatabases: schema.listDatabases,
  } satisfies Record<string, DataCommand>),
);

/** The command of that name; undefined for one that neither the engine nor the gateway knows. */
export const commandNamed = (name: string): DataCommand | undefined => table.get(name);
