/* Runs in the browser: shows the contract, with a token and a demo business filled in. */

const DEMO_BUSINESS = '64c0ffee64c0ffee64c0ffee';
const TENANT_HEADER = 'x-business-tenant-id';

const fetchJson = async (url, options) => {
  const answer = await fetch(url, options);
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}.`);
  return answer.json();
};

/** Fills in the demo business as example, and makes calls go to this machine. */
const prepare = (contract) => {
  const operations = Object.values(contract.paths ?? {}).flatMap((path) => Object.values(path));
  const parameters = [
    ...Object.values(contract.components?.parameters ?? {}),
    ...operations.flatMap((operation) => operation.parameters ?? []),
  ];
  for (const parameter of parameters) {
    if (parameter.name?.toLowerCase() === TENANT_HEADER) parameter.example = DEMO_BUSINESS;
  }
  return { ...contract, servers: [{ url: location.origin, description: 'this machine' }] };
};

const bearerSchemes = (contract) =>
  Object.entries(contract.components?.securitySchemes ?? {})
    .filter(([, { type, scheme }]) => type === 'http' && scheme?.toLowerCase() === 'bearer')
    .map(([name]) => name);

const show = async () => {
  const [contract, { token }] = await Promise.all([
    // The contract of this version, not one that the browser kept before a restart.
    fetchJson('/api/v1/openapi.json', { cache: 'no-cache' }),
    fetchJson('/_local/token', {
      method: 'POST',
      body: JSON.stringify({ businessId: DEMO_BUSINESS, role: 'OWNER' }),
    }),
  ]);
  const page = globalThis.SwaggerUIBundle({
    spec: prepare(contract),
    dom_id: '#contract',
    deepLinking: true,
    tryItOutEnabled: true,
    onComplete: () => {
      for (const name of bearerSchemes(contract)) page.preauthorizeApiKey(name, token);
    },
  });
};

show().catch((error) => {
  document.querySelector('#contract').textContent =
    `The API documentation could not be loaded: ${error.message} Reload the page to try again.`;
});
