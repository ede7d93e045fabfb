/** How often a caller may do something in one window of time. The window begins with the first time. */
export type CallerBudget = Readonly<{ most: number; windowMs: number }>;

/** The calls that may be refused with 403 to one subject, in all businesses together. */
export const REFUSALS: CallerBudget = { most: 60, windowMs: 60_000 };

/** A budget after the attempt to spend one. */
export type Spent = Readonly<{
  granted: boolean;
  /** How often the budget was empty when somebody tried to spend it, in this window. */
  denied: number;
  /** When the window began and when the attempt was made, by one clock. */
  since: Date;
  at: Date;
}>;

/** In how many milliseconds the window ends, and the budget is full again. */
export const msUntilFull = ({ windowMs }: CallerBudget, { since, at }: Spent): number =>
  since.getTime() + windowMs - at.getTime();
