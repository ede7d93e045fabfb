import { atTheDesk } from './desk.ts';
import { letters, twice } from './letters.ts';
import { rights } from './rights.ts';
import type { Between, Step } from './step.ts';
import { visits } from './visits.ts';

/**
 * The story of the examples in the document, in its order: a salon, and what happens to its customers. A test plays it, sends
 * each request as it is, and compares what the service answers with `answers.json`.
 */
export const STORY: readonly (Step | Between)[] = [...atTheDesk, ...visits, ...letters, ...twice, ...rights];

/** Use cases that the story does not tell yet. A new one may be here until it is a step of the story. */
export const UNTOLD: readonly string[] = [];

/** The day of the story. A test moves what other services tell, and the days that it asks for, to the day it runs on. */
export const STORY_DAY = '2026-11-27';

/** The requests of the story that are examples. */
export const STEPS: readonly Step[] = STORY.filter((one): one is Step => 'ask' in one);

/** The name of the answer of a step in `answers.json`: its use case, and its number among those of that use case. */
export const nameOf = (step: Step): string => {
  const same = STEPS.filter(({ ask }) => ask === step.ask);
  return `${step.ask} ${String(same.indexOf(step) + 1)}`;
};
