import { Refusal } from '../../../../lib/domain/errors.ts';
import {
  isLow,
  lendingRule,
  lent,
  newAllowance,
  overdrawn,
  spend,
  wanted,
} from '../../../../lib/domain/business/request-allowance.ts';

const LIMIT = {
  perSecond: Number(process.env.RATE_LIMIT_PER_SECOND),
  burst: Number(process.env.RATE_LIMIT_BURST),
};

/** Lets a business ask so often. Each process borrows requests from its bucket in the database, many at once. */
export const rateLimiter = ({ borrow }) => {
  const accounts = new Map();
  const ask = (account, scope) => {
    const askedAt = Date.now();
    account.asking ??= borrow(wanted(account.allowance, askedAt), LIMIT, scope)
      .then(
        (grant) => {
          account.allowance = lent(account.allowance, grant, askedAt);
          return true;
        },
        () => false,
      )
      .finally(() => (account.asking = undefined));
    return account.asking;
  };
  return async (scope) => {
    const account = accounts.get(scope.businessId) ?? { allowance: newAllowance(LIMIT) };
    accounts.set(scope.businessId, account);
    for (;;) {
      const now = Date.now();
      const rest = spend(account.allowance, now);
      if (rest !== null) {
        account.allowance = rest;
        if (isLow(rest, now)) void ask(account, scope);
        return;
      }
      const rateLimit = overdrawn(account.allowance, now);
      if (rateLimit !== null) throw new Refusal('rate-limited', 'Too much at once.', { rateLimit });
      // A bucket that cannot be read refuses nobody.
      if (!(await ask(account, scope))) return;
    }
  };
};

/** The update that fills a bucket for the time that has passed, and lends what it may. */
export const lending = (wish, limit) => {
  const { atLeast, shareOfLeft, needed } = lendingRule({ limit, needed: 1 });
  const msPassed = { $max: [0, { $subtract: ['$$NOW', { $ifNull: ['$at', '$$NOW'] }] }] };
  const filled = {
    $add: [{ $ifNull: ['$left', limit.burst] }, { $multiply: [msPassed, limit.perSecond / 1_000] }],
  };
  const share = { $max: [atLeast, { $floor: { $multiply: ['$left', shareOfLeft] } }] };
  const granted = { $max: [1, { $min: [wish, { $floor: '$left' }, share] }] };
  return [
    { $set: { left: { $min: [limit.burst, filled] }, at: '$$NOW' } },
    { $set: { granted: { $cond: [{ $gte: ['$left', needed] }, granted, 0] } } },
    { $set: { left: { $subtract: ['$left', '$granted'] } } },
  ];
};
