import { INVENTED, inventedPairs } from './invented-customers.ts';

/** Calls that find, page, merge and restore invented customers, to paste where docs/privacy.md's `call` and names are set. */
export const demoCalls = (businessId: string): string => {
  const [pair] = inventedPairs(businessId);
  const loser = JSON.stringify({ loserId: pair?.loserId });
  const customer = '"$API/api/v1/customer';
  return `Business ${businessId} has ${String(INVENTED)} invented customers.

Find them in any spelling, page through all of them, and count them:
call ${customer}/paged?phrase=mueller"
call ${customer}/paged?phrase=lukasz"
call ${customer}/paged?pageSize=20&page=2"
call ${customer}/statistics"

Two records are one person: see why, merge them, read what happened, and take it back:
call ${customer}/duplicates?customerId=${pair?.survivorId ?? ''}"
call -X POST ${customer}/${pair?.survivorId ?? ''}/merge" -d '${loser}'
call ${customer}/${pair?.survivorId ?? ''}/history"
call -X POST ${customer}/${pair?.survivorId ?? ''}/unmerge" -d '${loser}'

Delete one of them and restore it; others were deleted already:
call -X DELETE ${customer}/${pair?.loserId ?? ''}"
call ${customer}/paged?state=deleted"
call -X POST ${customer}/${pair?.loserId ?? ''}/restore"`;
};
