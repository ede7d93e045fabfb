/* Runs in the browser, on this machine only: puts what is there into the examples, so that pressing Send works as it stands. */

globalThis.fillIn = (() => {
  const operationsOf = (contract) =>
    Object.values(contract.paths ?? {}).flatMap((path) => Object.values(path));

  /** What is in this place of a request: the customers, the segment and the business of this machine. */
  const valuesFor = ({ customers, segmentId }) => ({
    path: { id: customers[0]?._id, segmentid: segmentId },
    query: { email: customers[0]?.email, phone: undefined },
    header: { 'x-business-tenant-id': globalThis.demo.BUSINESS, 'if-match': '*' },
  });

  /** Fills in what calls are about. Sending one as it stands harms nothing. */
  const fillIn = (contract, found) => {
    const values = valuesFor(found);
    const parameters = [
      ...Object.values(contract.components?.parameters ?? {}),
      ...operationsOf(contract).flatMap((operation) => operation.parameters ?? []),
    ];
    for (const parameter of parameters) {
      const value = values[parameter.in]?.[parameter.name?.toLowerCase()];
      if (value === undefined || (parameter.in === 'query' && exampleIn(parameter) === undefined)) continue;
      delete parameter.examples;
      delete parameter.schema?.example;
      parameter.example = value;
    }
    for (const operation of operationsOf(contract)) nameCustomers(operation, found);
    keepSettings(contract, found.settings);
    return { ...contract, servers: [{ url: location.origin, description: 'this machine' }] };
  };

  const exampleIn = ({ example, examples, schema }) => example ?? examples ?? schema?.example;

  /** The bodies of requests name customers by these. What a bulk creates and deletes keeps its own id, and no demo customer goes. */
  const NAMES_CUSTOMERS = ['_id', 'customerId', 'customerIds', 'loserId'];
  const KEPT = ['create', 'delete'];

  /** In the examples of bodies, puts the customers of this machine in the place of those of the contract. */
  const nameCustomers = ({ operationId, parameters, requestBody }, { customers: [one, other] }) => {
    const places = Object.values(requestBody?.content ?? {});
    if (operationId === 'create-customer' || one === undefined || other === undefined) return;
    const subject = parameters?.some(({ in: place }) => place === 'path') ? other : one;
    const known = new Map();
    const standIn = (id) => {
      if (!known.has(id)) known.set(id, known.size === 0 ? subject._id : other._id);
      return known.get(id);
    };
    const renamed = (value, key) => {
      if (typeof value === 'string')
        return NAMES_CUSTOMERS.includes(key) && /^[0-9a-f]{24}$/.test(value) ? standIn(value) : value;
      if (Array.isArray(value)) return value.map((entry) => renamed(entry, key));
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value).map(([name, inner]) => [
          name,
          KEPT.includes(name) ? inner : renamed(inner, name),
        ]),
      );
    };
    for (const place of places) {
      if (place.example !== undefined) place.example = renamed(place.example);
      for (const example of Object.values(place.examples ?? {})) example.value = renamed(example.value);
    }
  };

  /** The example of a change of settings is what they are, so that sending it changes nothing. */
  const keepSettings = (contract, settings) => {
    const change = operationsOf(contract).find(({ operationId }) => operationId === 'change-settings');
    const media = change?.requestBody?.content?.['application/json'];
    if (media === undefined || settings === undefined) return;
    delete media.examples;
    media.example = Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [name, value === 'pending' ? true : value]),
    );
  };

  return fillIn;
})();
