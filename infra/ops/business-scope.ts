import { randomUUID } from 'node:crypto';
import { BusinessScope } from '#lib/domain/actor.ts';
import type { Purpose } from '#lib/domain/purpose.ts';
import { disconnect } from '#lib/store/connection.ts';
import { Misuse } from './command.ts';
import { idFrom } from './ids.ts';

const ACTOR = /^[\w.@+-]{1,60}$/;
const A_WEEK_MS = 7 * 24 * 60 * 60 * 1_000;

/** In which business an operator acts, by which name, and what for. */
type Commission = Readonly<{ business: string | undefined; actor: string | undefined; purpose: Purpose }>;

/**
 * Acts in one business as its owner could, under the operator's own name: `operator:<name>` in every history and access.
 * The only place of the command line that can; docs/decisions/0027 says why.
 * @throws Misuse when the business or the operator is not named
 */
export const actInBusiness = async <T>(
  { business, actor, purpose }: Commission,
  work: (scope: BusinessScope) => Promise<T>,
): Promise<T> => {
  if (business === undefined) throw new Misuse('Say in which business: --business <id>.');
  if (actor === undefined || !ACTOR.test(actor))
    throw new Misuse('Say who you are: --actor <name>, up to 60 letters, digits and _.@+-');
  const scope = new BusinessScope({
    businessId: idFrom('--business', business),
    actorId: `operator:${actor}`,
    role: 'OWNER',
    purpose,
    requestId: randomUUID(),
    deadline: Date.now() + A_WEEK_MS,
  });
  try {
    return await work(scope);
  } finally {
    await disconnect();
  }
};
