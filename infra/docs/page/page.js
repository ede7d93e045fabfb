/* Runs in the browser: shows the contract with the guides before it. On this machine, calls can be sent at once. */

(() => {
  const { guides, contract: kept } = globalThis.content;
  /** A page that was written to a folder has its contract with it, and no service to send calls to. */
  const isStatic = kept !== undefined;

  /** The languages of the samples. TypeScript is written by code-samples.js. */
  const HIDDEN = {
    ...Object.fromEntries(
      ['c', 'clojure', 'csharp', 'dart', 'fsharp', 'go', 'http', 'java', 'julia', 'kotlin', 'node', 'objc']
        .concat(['ocaml', 'php', 'powershell', 'python', 'r', 'ruby', 'rust', 'swift'])
        .map((language) => [language, true]),
    ),
    js: ['axios', 'jquery', 'ofetch', 'xhr'],
    shell: ['httpie', 'wget'],
  };

  const withGuides = (contract) => ({
    ...contract,
    info: { ...contract.info, description: [contract.info.description ?? '', guides].join('\n\n') },
  });

  /** The bearer schemes of the contract, each with this value. */
  const bearerSchemes = (contract, value) =>
    Object.fromEntries(
      Object.entries(contract.components?.securitySchemes ?? {})
        .filter(([, { type, scheme }]) => type === 'http' && scheme?.toLowerCase() === 'bearer')
        .map(([name]) => [name, value]),
    );

  /** The contract and the token of the service that this page comes from. */
  const ofThisMachine = async () => {
    const { demo } = globalThis;
    const [contract, token] = await Promise.all([
      // The contract of this version, not one that the browser kept before a restart.
      demo.fetchJson('/api/v1/openapi.json', { cache: 'no-cache' }),
      demo.signIn(),
    ]);
    return { contract: globalThis.fillIn(contract, await demo.findOrMake(token)), token };
  };

  const show = async () => {
    const { contract, token } = isStatic ? { contract: kept, token: '' } : await ofThisMachine();
    const schemes = bearerSchemes(contract, { token });
    globalThis.Scalar.createApiReference('#contract', {
      content: globalThis.withTypeScript(withGuides(contract)),
      authentication: { preferredSecurityScheme: Object.keys(schemes)[0] ?? null, securitySchemes: schemes },
      hideTestRequestButton: isStatic,
      hiddenClients: HIDDEN,
      featuredClients: ['shell/curl', 'js/fetch'],
      defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
      documentDownloadType: 'json',
      orderSchemaPropertiesBy: 'preserve',
      hideModels: true,
      // Nothing from elsewhere: no fonts, no counting of visitors, no assistant, no client or editor on other hosts.
      withDefaultFonts: false,
      telemetry: false,
      agent: { disabled: true },
      mcp: { disabled: true },
      hideClientButton: true,
      showDeveloperTools: 'never',
    });
  };

  show().catch((error) => {
    const trouble = document.createElement('p');
    trouble.className = 'trouble';
    trouble.textContent = `The API documentation could not be loaded: ${error.message} Reload the page to try again.`;
    document.querySelector('#contract').append(trouble);
  });
})();
