type Errors = readonly Readonly<{ message: string; detail: string }>[];

const sentencesIn = (text: string): string[] => text.split(/(?<=[.?!])\s+/);

/** The sentences of a problem's `message` that one of its `errors` has too. The panel shows both, so there must be none. */
export const saidTwice = ({
  message,
  errors = [],
}: Readonly<{ message: string; errors?: Errors }>): string[] => {
  const ofErrors = errors.flatMap((error) => [...sentencesIn(error.message), ...sentencesIn(error.detail)]);
  return sentencesIn(message).filter((sentence) => ofErrors.includes(sentence));
};
