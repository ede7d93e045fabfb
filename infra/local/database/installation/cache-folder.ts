import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

type Surroundings = {
  readonly isRoot: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
};

const here: Surroundings = {
  isRoot: process.getuid?.() === 0,
  environment: process.env,
  home: homedir(),
};

/**
 * Where downloaded engines are kept between runs: outside node_modules, so that `npm ci` does not throw them
 * away. Root's is where `nobody`, who runs the database then, can reach it. DATABASE_CACHE overrides both.
 */
export const cacheFolder = ({ isRoot, environment, home }: Surroundings = here): string => {
  const chosen = environment['DATABASE_CACHE'];
  if (chosen) return chosen;
  if (isRoot) return '/var/cache/customer-management';
  const userCache = environment['XDG_CACHE_HOME'] ?? (home ? join(home, '.cache') : tmpdir());
  return join(userCache, 'customer-management');
};
