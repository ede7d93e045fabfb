import { optionalSetting, requiredSetting } from '#lib/runtime/config.ts';
import { serveTask } from '#lib/serve/serve-task.ts';
import { tellOthers } from './contracts.ts';

/** Calls the bus as the SDK does. The signature is not verified on this machine, so there is none. */
export const handler = serveTask(tellOthers, async ({ entries }) => {
  const bus = optionalSetting('EVENT_BUS') ?? 'CustomerManagement';
  const answer = await fetch(requiredSetting('AWS_ENDPOINT_URL_EVENTBRIDGE'), {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSEvents.PutEvents',
      authorization: `AWS4-HMAC-SHA256 Credential=${requiredSetting('AWS_ACCESS_KEY_ID')}/a/b/events/aws4_request`,
    },
    body: JSON.stringify({ Entries: entries.map((entry) => ({ EventBusName: bus, ...entry })) }),
  });
  const said: unknown = await answer.json();
  return { status: answer.status, said };
});
