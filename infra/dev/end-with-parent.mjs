// Preloaded by run-on-node-24.mjs: ends the program when its parent is killed and cannot pass the signal on.
// Processes that the program forks load this file too; their parent is another one, and it looks after them itself.

const parent = Number(new URL(import.meta.url).searchParams.get('parent'));

if (process.ppid === parent && process.channel) {
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // The channel alone does not keep the program running.
  process.channel.unref();
}
