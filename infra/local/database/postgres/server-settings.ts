import { serverConnections } from './connections.ts';

/** Settings that every server of the embedded engine needs, also while the template is made. */
export const preloaded = {
  shared_preload_libraries: 'pg_cron, pg_documentdb_core, pg_documentdb, pg_documentdb_extended_rum',
  'cron.database_name': 'postgres',
};

/** Memory for data, and for building an index: with too little, a large build writes to disk again and again. */
const cacheOf = (gb: number) => ({
  shared_buffers: `${String(gb * 1_024)}MB`,
  maintenance_work_mem: `${String(gb * 256)}MB`,
});

/**
 * The settings of a running server. It is for laptops and tests, so data may be lost when the power fails. A killed
 * process loses nothing.
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
  // An index type that can be read in order, in both directions. With the tracking of array keys it can also be read
  // in the order of a key after the array. The engine's default type can do neither.
  'documentdb.alternate_index_handler_name': 'extended_rum',
  'documentdb.enableIndexMetadataGlobalTracking': 'on',
  // With bitmap scans and sorts the planner collects matches and sorts them, although an index has them in order.
  enable_bitmapscan: 'off',
  enable_sort: 'off',
  // All pages are in memory. With the default of 4 the planner prefers to read the whole of a small collection.
  random_page_cost: '1',
  // The gateway starts these jobs instead: index builds at once, expiry once a minute.
  'cron.launch_active_jobs': 'off',
  // The engine connects to its own server for some commands, for example to create a collection.
  'documentdb.localhost_connection_string': `host=${socketFolder}`,
  // Sorted results are kept in files between pages. Otherwise each open cursor would hold a connection.
  'documentdb.useFileBasedPersistedCursors': 'on',
});
