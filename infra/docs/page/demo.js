/* Runs in the browser, on this machine only: a token, and a customer, a segment and settings that calls can be about. */

globalThis.demo = (() => {
  const BUSINESS = '64c0ffee64c0ffee64c0ffee';
  const API = '/api/v1/customer';
  const PEOPLE = [
    { firstName: 'Anna', lastName: 'Nowak', email: 'anna.nowak@docs.example', phone: '+48 512 345 601' },
    { firstName: 'Ana', lastName: 'Nowak', email: 'ana.nowak@docs.example', phone: '+48 512 345 602' },
  ];
  const SEGMENT = { name: 'Came at least twice', definition: { visitsAtLeast: 2 } };

  const fetchJson = async (url, options) => {
    const answer = await fetch(url, options);
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}.`);
    return answer.json();
  };

  const signIn = async () => {
    const body = JSON.stringify({ businessId: BUSINESS, role: 'OWNER' });
    return (await fetchJson('/_local/token', { method: 'POST', body })).token;
  };

  /** Calls the API as the owner of the demo business. */
  const caller = (token) => (method, path, body) =>
    fetchJson(`${API}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'x-business-tenant-id': BUSINESS,
        'content-type': 'application/json',
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });

  /** The live customer with this email, or a new one: after an erasure, the page has somebody again. */
  const personIn = (call) => async (person) => {
    const { items } = await call('GET', `/paged?state=active&phrase=${encodeURIComponent(person.email)}`);
    return items[0] ?? call('POST', '', person);
  };

  const segmentIn = async (call) => {
    const { items } = await call('GET', '/segments');
    return items[0] ?? call('POST', '/segments', SEGMENT);
  };

  /** What operations are about. A part is missing if the service cannot give it: the page is still of use. */
  const findOrMake = async (token) => {
    const call = caller(token);
    const [people, segment, settings] = await Promise.allSettled([
      Promise.all(PEOPLE.map(personIn(call))),
      segmentIn(call),
      call('GET', '/settings'),
    ]);
    return {
      customers: people.value ?? [],
      segmentId: segment.value?.segmentId,
      settings: settings.value,
    };
  };

  return { BUSINESS, fetchJson, signIn, findOrMake };
})();
