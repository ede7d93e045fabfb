// Loaded before a server: answers its parent with the microseconds of CPU that the process has used, and ends with it.
process.on('message', () => process.send(process.cpuUsage()));
process.on('disconnect', () => process.exit());
