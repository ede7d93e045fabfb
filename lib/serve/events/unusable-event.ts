/** The ids of an event, as far as they can be read. */
export type EventIds = Readonly<{ eventId?: string; businessId?: string }>;

type About = Readonly<{ ids: EventIds; path: readonly PropertyKey[] }>;

/** A word of a schema, or a position in a list: nothing that a sender could have made up. */
const STEP = /^[a-zA-Z_-]{1,40}$|^\d{1,4}$/;

/** An event that cannot become right by waiting. It holds ids, a code and a place, never a value. */
export class UnusableEvent extends Error {
  override readonly name = 'UnusableEvent';
  readonly code: string;
  readonly ids: EventIds;
  readonly place: string | undefined;

  constructor(code: string, { ids, path }: About) {
    super(code);
    this.code = code;
    this.ids = ids;
    const steps = path.map(String).filter((step) => STEP.test(step));
    this.place = steps.length === 0 ? undefined : steps.join('.');
  }
}
