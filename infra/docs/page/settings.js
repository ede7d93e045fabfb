/* Before the program of the page loads: it would test whether it may make code of texts, which the page does not allow. */
globalThis.__zod_globalConfig = { jitless: true };
