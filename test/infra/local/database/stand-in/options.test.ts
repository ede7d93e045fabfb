import { describe, expect, it } from '@jest/globals';
import { readOptions } from '#infra/local/database/stand-in/options.ts';

describe('readOptions', () => {
  it('reads the command line that mongodb-memory-server gives a mongod', () => {
    const given =
      '--port 4711 --dbpath /data --replSet rs0 --storageEngine wiredTiger --bind_ip 127.0.0.1 --noauth';
    expect(readOptions(given.split(' '))).toMatchObject({
      version: false,
      port: 4711,
      dataFolder: '/data',
      host: '127.0.0.1',
      removeAtEnd: '',
      cacheGb: '',
    });
  });

  it('takes the memory for data by the name that mongod has for it', () => {
    expect(readOptions(['--wiredTigerCacheSizeGB', '0.5']).cacheGb).toBe('0.5');
  });

  it('knows when only the version is asked for', () => {
    expect(readOptions(['--version']).version).toBe(true);
  });
});
