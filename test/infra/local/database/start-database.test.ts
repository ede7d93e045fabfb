import { afterEach, describe, expect, it } from '@jest/globals';
import { startDatabase } from '#infra/local/database/start-database.ts';
import { unprobedDatabaseUri } from '#test/support/test-database.ts';

describe('startDatabase', () => {
  const { MONGODB_URI: given } = process.env;
  afterEach(() => {
    if (given === undefined) delete process.env['MONGODB_URI'];
    else process.env['MONGODB_URI'] = given;
  });

  it('takes the database at MONGODB_URI, starts nothing, and says so in one line', async () => {
    const uri = unprobedDatabaseUri('start-database');
    process.env['MONGODB_URI'] = uri;
    const lines: string[] = [];
    const database = await startDatabase({ log: (line) => lines.push(line) });
    expect(database).toMatchObject({ engine: 'external', uri });
    expect(lines).toEqual(['Database: the one at MONGODB_URI']);
    await database.stop();
  });

  it('starts nothing in its place when that one cannot be used, and says what is wrong with it', async () => {
    process.env['MONGODB_URI'] = 'mongodb://anna:canary@127.0.0.1:1/shop';
    await expect(startDatabase({ log: () => undefined })).rejects.toThrow(
      'MONGODB_URI: cannot use the database at 127.0.0.1:1, because the connection was refused.',
    );
  });
});
