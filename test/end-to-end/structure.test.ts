import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contracts } from '#functions/contracts.ts';
import { serveBundles, type Served } from '#test/support/served.ts';

const sorted = (names: Iterable<string>): string[] => [...names].sort();
const FOLDERS = resolve(import.meta.dirname, '../../functions');

describe('one word finds a use case everywhere', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serveBundles('structure');
  }, 120_000);
  afterAll(() => served.stop());

  const subfolders = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  const folders = sorted(subfolders(FOLDERS).flatMap((wing) => subfolders(join(FOLDERS, wing))));
  const named = (kind: string) =>
    sorted(contracts.filter((contract) => contract.kind === kind).map(({ name }) => name));

  it('has a contract for each folder, and a folder for each contract', () => {
    expect(sorted(contracts.map(({ name }) => name))).toEqual(folders);
  });

  it('deploys a Lambda for each', () => {
    const lambdas = Object.keys(served.gateway.environments()).map((name) =>
      name.replace('CustomerManagement-', ''),
    );
    expect(sorted(lambdas)).toEqual(folders);
  });

  const operations = async () => {
    const { body } = await served.request('GET', '/api/v1/openapi.json');
    return Object.entries<any>(body.paths).flatMap(([path, methods]) =>
      Object.entries<any>(methods).map(([method, { operationId, security }]) => ({
        operationId: String(operationId),
        method: method.toUpperCase(),
        path: path.replace(/\{\w+\}/g, '0'.repeat(24)),
        isPublic: security === undefined || security.length === 0,
      })),
    );
  };

  it('documents an operation for each route, under the same name', async () => {
    expect(sorted((await operations()).map(({ operationId }) => operationId))).toEqual(named('route'));
  });

  it('serves what it documents, and asks who is calling unless it says that anybody may', async () => {
    for (const { operationId, method, path, isPublic } of await operations()) {
      const { status } = await served.request(method, path, { token: null });
      expect([operationId, status !== 401]).toEqual([operationId, isPublic]);
    }
  });

  it('runs a schedule for each contract of that kind', async () => {
    const answer = await fetch(`${served.gateway.url}/_local/schedules`);
    const listed: any = await answer.json();
    const schedules = (Array.isArray(listed) ? listed : listed.schedules) as { name: string }[];
    expect(sorted(schedules.map(({ name }) => name.replace('CustomerManagement-', '')))).toEqual(
      named('schedule'),
    );
  });
});
