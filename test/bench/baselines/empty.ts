/** The floor of every cold start. */
export const handler = () => Promise.resolve({ statusCode: 200, body: '{}' });
