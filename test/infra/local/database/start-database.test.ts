import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startDatabase } from '#infra/local/database/start-database.ts';

describe('startDatabase', () => {
  const { MONGODB_URI: given } = process.env;

  beforeEach(() => {
    process.env['MONGODB_URI'] = 'mongodb://db.test:27017/shop?replicaSet=rs0';
  });
  afterEach(() => {
    if (given === undefined) delete process.env['MONGODB_URI'];
    else process.env['MONGODB_URI'] = given;
  });

  it('takes the database at MONGODB_URI, starts nothing, and says so in one line', async () => {
    const lines: string[] = [];
    const database = await startDatabase({ log: (line) => lines.push(line) });
    expect(database).toMatchObject({
      engine: 'external',
      uri: 'mongodb://db.test:27017/shop?replicaSet=rs0',
    });
    expect(lines).toEqual(['Database: the one at MONGODB_URI']);
    await database.stop();
  });
});
