import * as z from 'zod';
import type { Route } from '#lib/contract/route.ts';
import answers from './story/answers.json' with { type: 'json' };
import { nameOf, STEPS } from './story/story.ts';
import type { Step } from './story/step.ts';

type Examples = Readonly<Record<string, Readonly<{ summary: string; value: unknown }>>>;
type Place = 'path' | 'query' | 'headers';

const stepsOf = ({ name }: Route): readonly Step[] => STEPS.filter(({ ask }) => ask === name);

/** `Anna books for the first time` as `anna-books-for-the-first-time`. */
const keyOf = (summary: string): string =>
  summary
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

const named = (steps: readonly Step[], valueOf: (step: Step) => unknown) => {
  const examples: Examples = Object.fromEntries(
    steps.map((step) => [keyOf(step.summary), { summary: step.summary, value: valueOf(step) }] as const),
  );
  return steps.length === 0 ? {} : { examples };
};

/** The bodies that a route gets in the story. */
export const bodyExamples = (route: Route) =>
  named(
    stepsOf(route).filter(({ body }) => body !== undefined),
    ({ body }) => body,
  );

const ANSWERS: Readonly<Record<string, unknown>> = answers;

/** What a route answers in the story with this status. */
export const answerExamples = (route: Route, status: string) =>
  named(
    stepsOf(route).filter((step) => String(step.status) === status),
    (step) => ANSWERS[nameOf(step)] ?? {},
  );

/** A place’s parameters, each with what is sent in the first request of the story to this route. */
export const withExamples = (schema: z.ZodObject, place: Place, route: Route): z.ZodObject => {
  const sent: Readonly<Record<string, unknown>> = stepsOf(route)[0]?.[place] ?? {};
  const withExample = ([name, field]: readonly [string, z.core.$ZodType]) =>
    [
      name,
      name in sent && field instanceof z.ZodType
        ? field.meta({ ...field.meta(), example: sent[name] })
        : field,
    ] as const;
  return z.object(Object.fromEntries(Object.entries(schema.shape).map(withExample)));
};
