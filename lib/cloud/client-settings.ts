import { optionalSetting, requiredSetting } from '#lib/runtime/config.ts';

/** An attempt that the service does not answer within this time is made again. */
const ATTEMPT_MS = 5_000;
const CONNECT_MS = 1_000;

/**
 * What every client of the SDK needs. Region and credentials come from the variables that Lambda sets, because otherwise the
 * SDK would first look for the files of a developer's machine.
 * @param endpointVariable the variable that names another endpoint than that of AWS, if there is one
 */
export const clientSettings = (endpointVariable: string) => {
  const endpoint = optionalSetting(endpointVariable);
  const sessionToken = optionalSetting('AWS_SESSION_TOKEN');
  return {
    region: requiredSetting('AWS_REGION'),
    credentials: {
      accessKeyId: requiredSetting('AWS_ACCESS_KEY_ID'),
      secretAccessKey: requiredSetting('AWS_SECRET_ACCESS_KEY'),
      ...(sessionToken !== undefined && { sessionToken }),
    },
    ...(endpoint !== undefined && { endpoint }),
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: ATTEMPT_MS,
      throwOnRequestTimeout: true,
    },
  };
};
