/** An event for the bus. `detail` is JSON. */
export type NewEvent = Readonly<{ source: string; type: string; time: Date; detail: string }>;
