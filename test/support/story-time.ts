import { STORY_DAY } from '#infra/build/openapi/story/story.ts';

const HOUR_MS = 60 * 60 * 1_000;
const DAY_MS = 24 * HOUR_MS;
const MINUTE_MS = 60_000;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const DAY = /^\d{4}-\d\d-\d\d$/;

const moved = (text: string, ms: number): string => {
  if (MOMENT.test(text)) return new Date(Date.parse(text) + ms).toISOString();
  return DAY.test(text) ? new Date(Date.parse(text) + ms).toISOString().slice(0, STORY_DAY.length) : text;
};

/** A value with each of its texts changed. `name` is that of the field. */
const withTexts = (value: unknown, change: (text: string, name: string) => string, name = ''): any => {
  if (typeof value === 'string') return change(value, name);
  if (Array.isArray(value)) return value.map((one) => withTexts(one, change, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, inner]) => [field, withTexts(inner, change, field)]),
  );
};

/**
 * The clock of the story. What the story says of days is moved to today, and what the service says of times is moved back: a time
 * of the story stays itself, and any other becomes that of the step at which it was first seen.
 */
export const storyTime = (story: unknown) => {
  const shift = Math.floor(Date.now() / DAY_MS) * DAY_MS - Date.parse(STORY_DAY);
  const own = new Set<string>();
  withTexts(story, (text) => {
    if (MOMENT.test(text)) own.add(text);
    return text;
  });
  const seen = new Map<string, string>();
  const state = { step: 0, startedAt: Date.now() };
  const stepTime = () => Date.parse(`${STORY_DAY}T09:00:00.000Z`) + state.step * MINUTE_MS;

  const momentOf = (text: string): string => {
    const back = moved(text, -shift);
    if (own.has(back)) return back;
    const away = Math.round((Date.parse(text) - state.startedAt) / HOUR_MS) * HOUR_MS;
    const known = seen.get(text) ?? new Date(stepTime() + away).toISOString();
    seen.set(text, known);
    return known;
  };
  const requestOf = (text: string): string => {
    const known = seen.get(text) ?? `${Buffer.from(`request-${String(seen.size)}`).toString('base64url')}=`;
    seen.set(text, known);
    return known;
  };

  return {
    /** The next step begins. */
    next: (): void => {
      state.step += 1;
      state.startedAt = Date.now();
    },
    /** What is sent, with its days moved to today. */
    today: (value: unknown): any => withTexts(value, (text) => moved(text, shift)),
    /** What was answered, on the days of the story. */
    asInTheStory: (answer: unknown): unknown =>
      withTexts(answer, (text, name) => {
        if (name === 'requestId') return requestOf(text);
        return MOMENT.test(text) ? momentOf(text) : moved(text, -shift);
      }),
  };
};
