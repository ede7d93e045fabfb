/** Of how many of a customer's newest orders and payments favourites are made. */
export const LOOKED_AT = 500;
/** How many favourites of each kind are shown. */
const SHOWN = 5;

/** What a favourite is made of: one order that was not cancelled. */
export type OrderedServices = Readonly<{
  services: readonly Readonly<{ serviceId: string | null; specialistIds: readonly string[] }>[];
}>;

/** Something with the number of orders, or payments, that have it. */
export type Favourite = Readonly<{ id: string; count: number }>;

/** The services and specialists that a customer ordered most often. */
export type Favourites = Readonly<{ services: readonly Favourite[]; specialists: readonly Favourite[] }>;

/** Those that occur in most of the lists, each counted once in a list. Of equals, the one that occurs earlier comes first. */
const mostFrequent = (lists: readonly (readonly string[])[]): readonly Favourite[] => {
  const counts = new Map<string, number>();
  for (const list of lists) for (const id of new Set(list)) counts.set(id, (counts.get(id) ?? 0) + 1);
  // Sorting is stable, so of equals the order of the lists decides.
  return [...counts].map(([id, count]) => ({ id, count })).sort((one, other) => other.count - one.count);
};

/**
 * The favourites in these orders. Of two that are equally frequent, the one that was ordered last comes first.
 * @param orders newest first
 */
export const favouritesIn = (orders: readonly OrderedServices[]): Favourites => {
  const idsIn = (of: (line: OrderedServices['services'][number]) => readonly string[]) =>
    mostFrequent(orders.map(({ services }) => services.flatMap(of))).slice(0, SHOWN);
  return {
    services: idsIn(({ serviceId }) => (serviceId === null ? [] : [serviceId])),
    specialists: idsIn(({ specialistIds }) => specialistIds),
  };
};

/**
 * The method by which most of these payments were made; null when none has a method.
 * @param methods of the payments, newest first
 */
export const preferredMethodIn = (methods: readonly (string | null)[]): string | null =>
  mostFrequent(methods.map((method) => (method === null ? [] : [method])))[0]?.id ?? null;
