/**
 * Why the data of customers are touched, each as one sentence of a record of processing activities. A closed list: a new
 * route chooses one, or says here what it is for that nothing was before.
 */
export const PURPOSES = {
  'serve-customer': 'A customer is being served: the card is opened, or a booking recognises who comes back.',
  'find-customer': 'A customer is looked for, or an offline panel brings its copy up to date.',
  'manage-relationship': 'The relationship with a customer begins, rests, ends or is taken up again.',
  'keep-data-accurate': 'The data of a customer are corrected or completed.',
  'take-over-records': 'Many records are taken over at once: after work offline, or from another system.',
  'hand-over-records': 'A business gets its customers in a file, to keep or to take elsewhere.',
  'account-for-access': 'Somebody has to show what happened to the data of a customer, and who did it.',
  'plan-business': 'A business looks at how many customers it has and gains; none of them is shown.',
  'configure-business': 'A business reads or chooses its own rules; no customer is shown.',
} as const satisfies Readonly<Record<string, string>>;
export type Purpose = keyof typeof PURPOSES;
