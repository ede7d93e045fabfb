/**
 * Why a route uses customer data. Each purpose is one sentence for the record of processing activities (GDPR, Art.
 * 30). A new route uses one of these, or adds the purpose that is missing.
 */
export const PURPOSES = {
  'serve-customer':
    'Staff open a customer’s record to serve them, or a booking recognises a returning customer.',
  'find-customer': 'Staff search for a customer, or an offline panel updates its copy.',
  'manage-relationship': 'The relationship with a customer starts, pauses, ends or resumes.',
  'record-consent': 'A customer allows or refuses to be reached for a purpose.',
  'serve-order':
    'An order or a payment is recorded for the customers that it names, or needs their data to be carried out.',
  'send-messages': 'A business chooses whom a message goes to, and the sending service asks for them.',
  'keep-data-accurate': 'The data of a customer is corrected or completed.',
  'take-over-records': 'Many records are imported at once, after offline work or from another system.',
  'hand-over-records': 'A business receives its customers in a file, to keep or to move to another system.',
  'account-for-access': 'A business must show what happened to the data of a customer, and who did it.',
  'honour-privacy-rights':
    'A person asks for its data, objects to its use or wants to be forgotten, or the law forbids that.',
  'keep-for-law': 'The data of a customer is kept because a court, an authority or a legal claim needs it.',
  'plan-business': 'A business looks at how many customers it has and gains; no single customer is shown.',
  'configure-business': 'A business reads or changes its own rules; no customer is shown.',
} as const satisfies Readonly<Record<string, string>>;
export type Purpose = keyof typeof PURPOSES;
