import { randomUUID } from 'node:crypto';
import { operatorActor } from '#lib/domain/access/actor.ts';
import type { Purpose } from '#lib/domain/access/purpose.ts';
import { BusinessScope } from '#lib/domain/access/scope.ts';
import { UsageError } from './command.ts';
import { distantDeadline } from './deadline.ts';
import { idFrom } from './options.ts';

const ACTOR = /^[\w.@+-]{1,60}$/;

/** The options with which an operator names the business to work in and themselves. */
export const OPERATOR_OPTIONS = { business: { type: 'string' }, actor: { type: 'string' } } as const;

/** The help of these options, which opens the list of options. */
export const OPERATOR_HELP: readonly string[] = [
  'Options:',
  '  --business <id>            the business to work in (24 hexadecimal digits)',
  '  --actor <name>             your name; histories and access logs show it as operator:<name>',
];

/** What these options gave. */
export type Operator = Readonly<{ business?: string | undefined; actor?: string | undefined }>;

/**
 * A scope with the rights of the business's owner and the name of the operator. Nothing else in the command line may
 * make one; docs/decisions/0027 gives the reason.
 * @throws UsageError when the business or the operator is missing or not valid
 */
export const operatorScope = ({ business, actor }: Operator, purpose: Purpose): BusinessScope => {
  if (business === undefined) throw new UsageError('Missing --business. Add --business <id>.');
  if (actor === undefined) throw new UsageError('Missing --actor. Add --actor <your name>.');
  if (!ACTOR.test(actor))
    throw new UsageError('--actor is not valid. Use 1 to 60 letters, digits and the characters _ . @ + -');
  return new BusinessScope({
    businessId: idFrom('--business', business),
    actorId: operatorActor(actor),
    role: 'OWNER',
    mayDelete: true,
    purpose,
    requestId: randomUUID(),
    deadline: distantDeadline(),
  });
};
