import { Types } from 'mongoose';
import type { BusinessScope } from '#lib/domain/access/scope.ts';
import { stage } from '#lib/store/database/unit-of-work.ts';
import type { LinkRecord } from './reader.ts';

/** Stages that somebody asks for what the archive has of a customer. `keep-archive` brings it back. */
export const stageRecall = (
  { link }: Readonly<{ link: Pick<LinkRecord, 'customerId'> }>,
  scope: BusinessScope,
): void => {
  stage(scope, {
    update: 'archive',
    filter: { _id: link.customerId, businessId: new Types.ObjectId(scope.businessId) },
    change: { $set: { asked: true } },
  });
};
