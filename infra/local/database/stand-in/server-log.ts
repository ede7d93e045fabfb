/** Writes a line where mongod writes its log: mongodb-memory-server reads there what a server is up to. */
export const logLine = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
