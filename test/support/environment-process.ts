import type { Context } from 'aws-lambda';
import { folderOf } from '#functions/contracts.ts';
import { forgetKeyring } from '#lib/store/keys/request-keys.ts';

/** An order to a process that acts as a Lambda environment. It answers each order by its number. */
export type Order = Readonly<{ number: number }> &
  Readonly<
    | {
        what: 'invoke';
        /** The name of a use case, or the path of another module with a handler, beginning with `#`. */
        name: string;
        /** The version of the service, as the query of its modules; empty for the unchanged one. */
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
  const path = name.startsWith('#') ? name : `#${folderOf(name)}/handler.ts`;
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
