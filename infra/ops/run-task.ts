import { randomUUID } from 'node:crypto';
import type * as z from 'zod';
import { SystemScope } from '#lib/domain/access/scope.ts';
import { distantDeadline } from './deadline.ts';

type Task<I> = Readonly<{ name: string; input: z.ZodType<I> }>;

/**
 * Runs a use case of the system as its Lambda would: it may send the database commands that are listed for the name of
 * its contract, and no others.
 */
export const runTask = async <I, O>(
  contract: Task<I>,
  useCase: (input: I, scope: SystemScope) => Promise<O>,
  input: unknown,
): Promise<O> => {
  const scope = new SystemScope({
    purpose: contract.name,
    requestId: randomUUID(),
    deadline: distantDeadline(),
  });
  return await useCase(contract.input.parse(input), scope);
};
