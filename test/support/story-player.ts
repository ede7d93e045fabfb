import { contract as documentContract } from '#functions/upkeep/get-openapi-document/contract.ts';
import { getOpenApiDocument } from '#functions/upkeep/get-openapi-document/get-openapi-document.ts';
import { openApiText } from '#infra/build/openapi.ts';
import { MADE } from '#infra/build/openapi/story/people.ts';
import { nameOf, STORY } from '#infra/build/openapi/story/story.ts';
import type { Step } from '#infra/build/openapi/story/step.ts';
import { servePublic } from '#lib/serve/serve-public.ts';
import { order, pay } from './activity.ts';
import { age, keep } from './archived.ts';
import { handlerOf, routeNames } from './routes.ts';
import { aBusinessId, anEvent, type Answer, send } from './service.ts';
import { storyTime } from './story-time.ts';
import type { Stored } from './stored.ts';

type Asked = Omit<Step, 'summary'>;
/** What a step was answered, as the document may show it. */
export type Played = Readonly<{ step: Step; status: number; answer: unknown }>;

const documentHandler = () =>
  servePublic(documentContract, getOpenApiDocument({ readDocument: () => Promise.resolve(openApiText()) }));

/** As the HTTP API sends it on a route that anyone may call. */
const withoutCaller = ({ requestContext: { requestId }, ...event }: ReturnType<typeof anEvent>) => ({
  ...event,
  headers: {},
  requestContext: { requestId },
});

/** Of the document, only how it begins. */
const beginning = ({ openapi, info }: any) => ({ openapi, info: { title: info.title } });

/** What the service made in place of an id or a token of the story. */
const madeIn = ({ ask }: Asked, { body }: Answer): Readonly<Partial<Record<keyof typeof MADE, string>>> => {
  if (ask === 'create-segment') return { segmentId: body.segmentId };
  return ask === 'find-recipients' ? { token: body.items[0]?.unsubscribe } : {};
};

/**
 * Plays the story against the handlers: sends each request as it is, with the ids that the service made and the days moved to
 * today. Answers are returned with the ids and the times of the story.
 */
export const playStory = async (service: Stored): Promise<readonly Played[]> => {
  const businessId = aBusinessId();
  const time = storyTime(STORY);
  const made = new Map<string, string>();
  const replaced = (value: unknown, pairs: Iterable<readonly [string, string]>): any => {
    let text = JSON.stringify(value);
    for (const [from, to] of pairs) text = text.replaceAll(from, to);
    return JSON.parse(text);
  };

  const ask = async (step: Asked): Promise<Answer> => {
    const { path, query, headers, body } = replaced(step, made);
    const { id, ...others } = path ?? {};
    const handler = step.ask === documentContract.name ? documentHandler() : await handlerOf(step.ask);
    const event = anEvent({
      businessId,
      ...(id !== undefined && { id }),
      ...(path !== undefined && { path: others }),
      ...(query !== undefined && { query: time.today(query) }),
      ...(headers !== undefined && { headers }),
      ...(body !== undefined && { body }),
    });
    const answer = await send(handler, routeNames.includes(step.ask) ? event : withoutCaller(event));
    if (answer.status !== step.status) throw new Error(`${step.ask} was answered ${answer.text}`);
    for (const [name, value] of Object.entries(madeIn(step, answer)))
      made.set(MADE[name as keyof typeof MADE], value);
    return answer;
  };

  /** Another service tells of something at the time at which it happened. */
  const tell = async (deliver: typeof order, told: Readonly<Record<string, unknown>>): Promise<void> => {
    const moved = time.today(told);
    await deliver(businessId, moved, { time: moved.updatedAt });
  };
  const happen = async (one: Exclude<(typeof STORY)[number], Step>): Promise<void> => {
    if ('quietly' in one) time.asInTheStory((await ask(one.quietly)).body);
    else if ('order' in one) await tell(order, one.order);
    else if ('payment' in one) await tell(pay, one.payment);
    else {
      await age(service, one.archive);
      await keep();
    }
  };

  const played: Played[] = [];
  for (const one of STORY) {
    time.next();
    if (!('ask' in one)) {
      await happen(one);
      continue;
    }
    const { status, body } = await ask(one);
    const shown = one.ask === documentContract.name ? beginning(body) : body;
    const back = [...made].map(([story, actual]) => [actual, story] as const);
    played.push({ step: one, status, answer: time.asInTheStory(replaced(shown, back)) });
  }
  return played;
};

/** The answers by their names, as they are recorded. */
export const recordOf = (played: readonly Played[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(played.map(({ step, answer }) => [nameOf(step), answer]));
