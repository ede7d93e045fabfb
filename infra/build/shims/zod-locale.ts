/** In place of zod's English sentences. Only defects could show it, and those are never logged with a message. */
const locale = () => ({ localeError: () => 'Not valid.' });

export { locale as default };
