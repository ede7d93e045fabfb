/* Runs in the browser: writes each operation as a call of the typed client of docs/client.md. */

globalThis.withTypeScript = (contract) => {
  const METHODS = ['get', 'put', 'post', 'patch', 'delete'];

  const resolved = (part) =>
    part?.$ref === undefined
      ? part
      : part.$ref
          .slice(2)
          .split('/')
          .reduce((inner, name) => inner?.[name], contract);

  /** The first example of a parameter or of a body. */
  const exampleOf = (part) =>
    part.example ??
    Object.values(part.examples ?? {})[0]?.value ??
    part.schema?.example ??
    part.schema?.examples?.[0];

  const parametersOf = (operation) => {
    const places = {};
    for (const parameter of (operation.parameters ?? []).map(resolved)) {
      const example = exampleOf(parameter);
      if (!parameter.required && example === undefined) continue;
      places[parameter.in] = { ...places[parameter.in], [parameter.name]: example ?? '…' };
    }
    return places;
  };

  const asLiteral = (value) =>
    JSON.stringify(value, null, 2)
      .replaceAll(/"([a-zA-Z_$][\w$]*)":/g, '$1:')
      .replaceAll('\n', '\n  ');

  const callOf = (method, path, operation) => {
    const parameters = parametersOf(operation);
    const media = Object.values(resolved(operation.requestBody)?.content ?? {})[0];
    const body = media === undefined ? undefined : exampleOf(media);
    const parts = [
      ...(Object.keys(parameters).length > 0 ? [`  params: ${asLiteral(parameters)},\n`] : []),
      ...(body === undefined ? [] : [`  body: ${asLiteral(body)},\n`]),
    ];
    const options = parts.length > 0 ? `, {\n${parts.join('')}}` : '';
    return `const { data, error } = await client.${method.toUpperCase()}('${path}'${options});`;
  };

  const server = contract.servers?.[0]?.url ?? '';
  const head = (operation) => {
    const headers =
      operation.security?.length === 0 ? '' : ',\n  headers: { authorization: `Bearer ${token}` }';
    return (
      "import createClient from 'openapi-fetch';\n" +
      "import type { paths } from './customers.d.ts';\n\n" +
      `const client = createClient<paths>({\n  baseUrl: '${server}'${headers},\n});\n\n`
    );
  };

  for (const [path, item] of Object.entries(contract.paths ?? {}))
    for (const method of METHODS) {
      const operation = item[method];
      if (operation === undefined) continue;
      const source = head(operation) + callOf(method, path, operation);
      operation['x-codeSamples'] = [{ lang: 'typescript', label: 'TypeScript', source }];
    }
  return contract;
};
