import { SettingError } from '../stack/stage-settings.ts';

/** Runs a command of this folder: a setting that is wrong is one sentence and an exit status, not a stack. */
export const runCommand = async (command: () => Promise<void>): Promise<void> => {
  try {
    await command();
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
};
