import type { Context } from 'aws-lambda';
import { forgetKeyring } from '#lib/store/keys.ts';

/** What a process that plays a Lambda environment is told; it answers each by its number. */
export type Order = Readonly<{ number: number }> &
  Readonly<
    | {
        what: 'invoke';
        /** Of a use case, or the path of another module that has a handler, with its `#`. */
        name: string;
        /** Which version of the service, as the query of its modules; the one there is when it is empty. */
        version: string;
        event: unknown;
        requestId: string;
        remainingMs: number;
      }
    | { what: 'forget-keyring' }
    | { what: 'peak-memory' }
  >;
export type Reply = Readonly<{ number: number; result?: unknown; error?: string }>;

type Handler = (event: unknown, context: Context) => Promise<unknown>;

const invoke = async ({
  name,
  version,
  event,
  requestId,
  remainingMs,
}: Order & { what: 'invoke' }): Promise<unknown> => {
  const path = name.startsWith('#') ? name : `#functions/${name}/handler.ts`;
  const { handler }: { handler: Handler } = await import(`${path}${version}`);
  const startedAt = Date.now();
  return await handler(event, {
    awsRequestId: requestId,
    functionName: name,
    getRemainingTimeInMillis: () => remainingMs - (Date.now() - startedAt),
  } as Context);
};

const carryOut = async (order: Order): Promise<unknown> => {
  if (order.what === 'invoke') return await invoke(order);
  if (order.what === 'peak-memory') return process.resourceUsage().maxRSS * 1024;
  forgetKeyring();
  return undefined;
};

process.on('message', (order: Order) => {
  const { number } = order;
  void carryOut(order)
    .then(
      (result): Reply => ({ number, result }),
      (error: unknown): Reply => ({ number, error: String(error) }),
    )
    .then((reply) => process.send?.(reply));
});
process.on('disconnect', () => process.exit());
