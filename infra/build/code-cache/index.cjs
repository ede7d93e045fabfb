'use strict';
// Stands in for a bundle that has a code cache: runs `function.cjs` beside it with what V8 had made of it at the build.
// Another version of Node, or one with other flags, does not take that: then it compiles as ever, and says so.
const { readFileSync } = require('node:fs');
const { Module } = require('node:module');
const { join } = require('node:path');
const { Script } = require('node:vm');

const filename = join(__dirname, 'function.cjs');
const script = new Script(Module.wrap(readFileSync(filename, 'utf8')), {
  filename,
  cachedData: readFileSync(join(__dirname, 'function.cache')),
});
if (script.cachedDataRejected)
  console.warn(JSON.stringify({ level: 'WARN', message: 'code-cache-rejected' }));
script.runInThisContext().call(exports, exports, require, module, filename, __dirname);
