import { gunzipSync } from 'node:zlib';
import middy from '@middy/core';
import type { CloudWatchLogsEvent, Context } from 'aws-lambda';
import * as z from 'zod';
import type { Subscription, SubscriptionUseCase } from '#lib/contract/subscription.ts';
import { logDefect, setLogContext } from '#lib/runtime/logger.ts';
import { watchProcess } from '#lib/runtime/process-faults.ts';

/** What CloudWatch Logs delivers, unpacked. A control message only checks that the receiver works. */
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
 * The Lambda handler of a use case that receives log lines of others. Its own log contains what it makes of them, so
 * it logs nothing about its success. An error fails the invocation: the platform then delivers again, and sets aside
 * what fails every time.
 */
export const serveSubscription = (contract: Subscription, useCase: SubscriptionUseCase) => {
  watchProcess();
  return middy(async (event: CloudWatchLogsEvent, context: Context): Promise<void> => {
    setLogContext({ requestId: context.awsRequestId, useCase: contract.name });
    try {
      await useCase(linesIn(event));
    } catch (error) {
      logDefect(error);
      // The platform keeps the message of a failed invocation, so it must not quote the lines.
      throw new Error(`${contract.name} failed; the log line 'defect' of this request says where.`);
    }
  });
};
