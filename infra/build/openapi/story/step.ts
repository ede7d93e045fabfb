type Fields = Readonly<Record<string, unknown>>;
type Texts = Readonly<Record<string, string>>;

/** A request of the story, and the status of its answer. */
export type Step = Readonly<{
  /** The name of a use case. */
  ask: string;
  status: 200 | 201 | 202;
  /** What it is about, as the title of the example. */
  summary: string;
  path?: Texts;
  query?: Texts;
  headers?: Texts;
  body?: Fields;
}>;

/** Something that the story needs and that no example shows: a call, or what happens elsewhere. */
export type Between =
  | Readonly<{ quietly: Omit<Step, 'summary'> }>
  | Readonly<{ order: Fields }>
  | Readonly<{ payment: Fields }>
  /** A customer whom nobody has touched for long goes to the archive. */
  | Readonly<{ archive: string }>;
