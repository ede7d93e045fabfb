import { gunzipSync } from 'node:zlib';
import middy from '@middy/core';
import type { CloudWatchLogsEvent, Context } from 'aws-lambda';
import * as z from 'zod';
import type { Subscription, SubscriptionUseCase } from '#lib/contract/route.ts';
import { logDefect, setLogContext } from '#lib/runtime/logger.ts';
import { watchProcess } from '#lib/runtime/process-faults.ts';

/** What CloudWatch Logs delivers, once it is unpacked. A control message only asks whether anybody is there. */
const Delivery = z.object({
  messageType: z.enum(['DATA_MESSAGE', 'CONTROL_MESSAGE']),
  logEvents: z.array(z.object({ message: z.string() })),
});

const linesIn = ({ awslogs }: CloudWatchLogsEvent): string[] => {
  const unpacked = gunzipSync(Buffer.from(awslogs.data, 'base64')).toString('utf8');
  const { messageType, logEvents } = Delivery.parse(JSON.parse(unpacked));
  return messageType === 'DATA_MESSAGE' ? logEvents.map(({ message }) => message) : [];
};

/**
 * The Lambda handler of what listens to the logs of others. Its own log is what it makes of them, so a success leaves
 * no line. Its errors fail the invocation: the platform then delivers again, and sets aside what fails every time.
 */
export const serveSubscription = (contract: Subscription, useCase: SubscriptionUseCase) => {
  watchProcess();
  return middy(async (event: CloudWatchLogsEvent, context: Context): Promise<void> => {
    setLogContext({ requestId: context.awsRequestId, useCase: contract.name });
    try {
      await useCase(linesIn(event));
    } catch (error) {
      logDefect(error);
      // The platform keeps what fails an invocation: it must not quote the lines.
      throw new Error(`${contract.name} failed; the log line 'defect' of this request says where.`);
    }
  });
};
