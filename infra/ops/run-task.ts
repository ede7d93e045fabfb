import { randomUUID } from 'node:crypto';
import type * as z from 'zod';
import { SystemScope } from '#lib/domain/actor.ts';
import { disconnect } from '#lib/store/connection.ts';

type Task<I> = Readonly<{ name: string; input: z.ZodType<I> }>;

/** Nobody ends a command but the operator; what a use case does until a deadline it does here to its end. */
const A_WEEK_MS = 7 * 24 * 60 * 60 * 1_000;

/**
 * Runs a use case of the system here, in the way its Lambda would: it may send what is listed for its contract's name,
 * and nothing else.
 */
export const runTask = async <I, O>(
  contract: Task<I>,
  useCase: (input: I, scope: SystemScope) => Promise<O>,
  input: unknown,
): Promise<O> => {
  const scope = new SystemScope({
    purpose: contract.name,
    requestId: randomUUID(),
    deadline: Date.now() + A_WEEK_MS,
  });
  try {
    return await useCase(contract.input.parse(input), scope);
  } finally {
    await disconnect();
  }
};
