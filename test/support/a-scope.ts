import type { BusinessScope, SystemScope } from '#lib/domain/actor.ts';

const AMPLE_MS = 30_000;

/** One request of a member of a business, as the pipeline makes it. */
export const aScope = (businessId: string, overrides: Partial<BusinessScope> = {}): BusinessScope => ({
  kind: 'business',
  businessId,
  actorId: 'user-1',
  role: 'OWNER',
  requestId: 'test',
  deadline: Date.now() + AMPLE_MS,
  ...overrides,
});

/** A schedule or an operation, as the pipeline makes it. */
export const aSystemScope = (): SystemScope => ({
  kind: 'system',
  purpose: 'test',
  requestId: 'test',
  deadline: Date.now() + AMPLE_MS,
});
