import type { CallerBudget } from './caller-budget.ts';

/** How often one link may be used: a person clicks once or twice, a mail program repeats what failed. */
export const USES_OF_A_LINK: CallerBudget = { most: 20, windowMs: 60_000 };

/**
 * How often all links of all businesses together may be used. Only links that are genuine, and not used too often themselves,
 * count: nobody can use it up with forged ones, or with one of their own.
 */
export const USES_OF_ALL_LINKS: CallerBudget = { most: 1_200, windowMs: 60_000 };
