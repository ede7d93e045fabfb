import { parseArgs } from 'node:util';
import { type Command, EXIT } from '../command.ts';
import { processingRecord as record } from '../processing-record.ts';
import { print } from '../terminal.ts';

export const processingRecord: Command = {
  name: 'processing-record',
  summary:
    'Print the record of processing activities: purposes, lawful bases, categories of data, retention.',
  usage: '',
  help: ['Prints Markdown, made from the code: the same as docs/processing.md. It reads no database.'],
  needsDatabase: false,
  run: (args) => {
    parseArgs({ args: [...args], options: {} });
    print(record());
    return Promise.resolve(EXIT.done);
  },
};
