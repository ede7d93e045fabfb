import { defineSubscription } from '#lib/contract/subscription.ts';

export const contract = defineSubscription({
  name: 'keep-access-log',
  summary: 'Keep the access log apart from the technical log, and for longer',
  impact: 'the privacy officer cannot show who saw what',
  needs: [],
  events: ['customer-accessed', 'access-denied', 'history-extended'],
  memoryMb: 256,
  timeoutSeconds: 60,
});
