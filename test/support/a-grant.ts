/** A proven consent to newsletters by email, as a form records it. */
export const aGrant = (overrides: Readonly<Record<string, unknown>> = {}) => ({
  purpose: 'marketing',
  channel: 'email',
  granted: true,
  source: 'form',
  lawfulBasis: 'consent',
  textVersion: 'v1',
  ...overrides,
});
