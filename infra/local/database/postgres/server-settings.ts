import { serverConnections } from './connections.ts';

/** What every server of the embedded engine is started with. */
export const preloaded = {
  shared_preload_libraries: 'pg_cron, pg_documentdb_core, pg_documentdb, pg_documentdb_extended_rum',
  'cron.database_name': 'postgres',
};

/** A share for data, and one for building an index, that grows the larger the more often it has to be written out. */
const cacheOf = (gb: number) => ({
  shared_buffers: `${String(gb * 1_024)}MB`,
  maintenance_work_mem: `${String(gb * 256)}MB`,
});

/**
 * The settings of a running server. Durability against power loss is given up (this is a laptop's or a test's
 * database); a killed process loses nothing all the same.
 */
export const settingsFor = (socketFolder: string, cacheGb: string): Readonly<Record<string, string>> => ({
  ...(cacheGb !== '' && cacheOf(Number(cacheGb))),
  ...preloaded,
  listen_addresses: '',
  unix_socket_directories: socketFolder,
  unix_socket_permissions: '0700',
  max_connections: String(serverConnections),
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  // The index type that can be walked in order, forwards and backwards; with tracking of which key holds
  // arrays, in order of a later key than the array's too. The engine's default type cannot.
  'documentdb.alternate_index_handler_name': 'extended_rum',
  'documentdb.enableIndexMetadataGlobalTracking': 'on',
  // Without these two the planner collects matches and sorts them, where an index could be walked in order.
  enable_bitmapscan: 'off',
  enable_sort: 'off',
  // All pages are in memory: with the default of 4 the planner prefers walking a whole small collection.
  random_page_cost: '1',
  // The gateway calls what these would start, when it is due: index builds at once, expiry once a minute.
  'cron.launch_active_jobs': 'off',
  // The engine connects back to its own server now and then, for example to make a collection.
  'documentdb.localhost_connection_string': `host=${socketFolder}`,
  // A sorted result waits in a file for its next page, so that no open cursor holds a connection.
  'documentdb.useFileBasedPersistedCursors': 'on',
});
