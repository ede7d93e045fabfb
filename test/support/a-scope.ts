import { randomUUID } from 'node:crypto';
import { BusinessScope, SystemScope } from '#lib/domain/access/scope.ts';
import { expectCaller } from './wire/probe.ts';

const AMPLE_MS = 30_000;

type Overrides = Partial<Omit<BusinessScope, 'kind' | 'again'>>;

/** The scope of one request of a member of a business, as the pipeline makes it. */
export const aScope = (businessId: string, overrides: Overrides = {}): BusinessScope => {
  const scope = new BusinessScope({
    businessId,
    actorId: 'user-1',
    role: 'OWNER',
    mayDelete: true,
    purpose: 'serve-customer',
    requestId: randomUUID(),
    deadline: Date.now() + AMPLE_MS,
    ...overrides,
  });
  expectCaller(scope.requestId, businessId);
  return scope;
};

/** The scope of one run of a schedule or an operation, as the pipeline makes it for the contract of that name. */
export const aSystemScope = (purpose: string): SystemScope =>
  new SystemScope({ purpose, requestId: randomUUID(), deadline: Date.now() + AMPLE_MS });
