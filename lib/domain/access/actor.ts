/**
 * How the names begin that the service gives to actors without a token. Histories and the access log show them beside the subjects
 * of tokens, so no token may have a subject that begins so.
 */
export const OWN_PREFIXES = ['operator:', 'event:', 'task:', 'link:'] as const;

/** The name of an operator of the command line, as histories and the access log show it. */
export const operatorActor = (name: string): string => `operator:${name}`;

/** The name of a service whose event is handled, as histories and the access log show it. */
export const eventActor = (source: string): string => `event:${source}`;

/** The actor of what a person does with the link in a message, as histories show it. */
export const LINK_ACTOR = 'link:unsubscribe';

/** What a line of the log can hold: the limits of OpenID Connect for a subject, and no white space. */
const SUBJECT = /^[\x21-\x7e]{1,255}$/;

/** Whether a token's subject can be the name of an actor: it can be logged, and is no name that the service gives. */
export const isUsableSubject = (subject: unknown): subject is string =>
  typeof subject === 'string' &&
  SUBJECT.test(subject) &&
  !OWN_PREFIXES.some((prefix) => subject.toLowerCase().startsWith(prefix));
