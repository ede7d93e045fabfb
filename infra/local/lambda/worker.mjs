/**
 * One execution environment: loads a bundle, then runs one invocation after the other, received over the IPC channel.
 * It is plain JavaScript because stripping types would add as much to every cold start as loading a small bundle.
 * @import { WorkerOrder } from './environment.ts'
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { _HANDLER = '', LAMBDA_TASK_ROOT = '', ...platform } = process.env;

const describe = (error) =>
  error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') }
    : { errorType: typeof error, errorMessage: String(error), trace: [] };

const loadHandler = () => {
  const dot = _HANDLER.lastIndexOf('.');
  const file = join(LAMBDA_TASK_ROOT, _HANDLER.slice(0, dot));
  const require = createRequire(file);
  const [path] = ['.js', '.mjs', '.cjs']
    .map((extension) => file + extension)
    .filter((name) => resolves(require, name));
  const handler = require(path ?? file)[_HANDLER.slice(dot + 1)];
  if (typeof handler !== 'function') throw new TypeError(`${_HANDLER} is not a function.`);
  return handler;
};

const resolves = (require, path) => {
  try {
    return require.resolve(path) === path;
  } catch {
    return false;
  }
};

/** @param {WorkerOrder} order */
const contextOf = ({ requestId, functionArn, remainingMs }) => {
  const startedAt = performance.now();
  return {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: platform.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: platform.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: functionArn,
    logGroupName: platform.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: platform.AWS_LAMBDA_LOG_STREAM_NAME,
    memoryLimitInMB: platform.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(remainingMs - (performance.now() - startedAt))),
  };
};

const answer = async (handler, order) => {
  try {
    const result = await handler(JSON.parse(order.payload), contextOf(order));
    return { kind: 'answered', payload: JSON.stringify(result) ?? 'null' };
  } catch (error) {
    return { kind: 'failed', error: describe(error) };
  }
};

// Also keeps the process alive until its parent disconnects.
process.on('disconnect', () => process.exit());
try {
  const handler = loadHandler();
  process.on('message', async (order) => process.send(await answer(handler, order)));
  process.send({ kind: 'ready' });
} catch (error) {
  process.send({ kind: 'failed', error: describe(error) });
}
