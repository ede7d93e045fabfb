import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
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

  const folders = sorted(
    readdirSync(FOLDERS, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name),
  );
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

  it('documents an operation for each route, under the same name', async () => {
    const { body } = await served.request('GET', '/api/v1/openapi.json');
    const operations = Object.values<any>(body.paths).flatMap((methods) =>
      Object.values<any>(methods).map(({ operationId }) => String(operationId)),
    );
    expect(sorted(operations)).toEqual(named('route'));
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
