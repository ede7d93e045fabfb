import { defineSubscription } from '#lib/contract/route.ts';

export const contract = defineSubscription({
  name: 'keep-access-log',
  summary: 'Keep who saw and asked for which customers, apart from the technical log and longer',
  impact: 'the privacy officer cannot show who saw what',
  needs: [],
  events: ['customer-accessed', 'access-denied'],
  memoryMb: 256,
  timeoutSeconds: 60,
});
