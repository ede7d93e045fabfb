/** Writes a log line to standard output, as mongod does: mongodb-memory-server reads the server's state there. */
export const logLine = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
