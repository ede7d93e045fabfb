import { serverConnections } from './connections.ts';

/** What every server of the embedded engine is started with. */
export const preloaded = {
  shared_preload_libraries: 'pg_cron, pg_documentdb_core, pg_documentdb',
  'cron.database_name': 'postgres',
};

/**
 * The settings of a running server. Durability against power loss is given up (this is a laptop's or a test's
 * database); a killed process loses nothing all the same.
 */
export const settingsFor = (socketFolder: string): Readonly<Record<string, string>> => ({
  ...preloaded,
  listen_addresses: '',
  unix_socket_directories: socketFolder,
  unix_socket_permissions: '0700',
  max_connections: String(serverConnections),
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  // Without these two the planner collects matches and sorts them, where an index could be walked in order.
  enable_bitmapscan: 'off',
  enable_sort: 'off',
  // The gateway calls what these would start, when it is due: index builds at once, expiry once a minute.
  'cron.launch_active_jobs': 'off',
  // The engine connects back to its own server now and then, for example to make a collection.
  'documentdb.localhost_connection_string': `host=${socketFolder}`,
  // A sorted result waits in a file for its next page, so that no open cursor holds a connection.
  'documentdb.useFileBasedPersistedCursors': 'on',
});
