'use strict';
// Loads the `function.cjs` of the folder that it is given, and writes what V8 has made of it beside it. Written after it
// ran, that holds every function that loading calls; those that only a request calls are compiled by the first one.
const { readFileSync, writeFileSync } = require('node:fs');
const { createRequire, Module } = require('node:module');
const { join } = require('node:path');
const { Script } = require('node:vm');

const folder = process.argv[2];
const filename = join(folder, 'function.cjs');
const script = new Script(Module.wrap(readFileSync(filename, 'utf8')), { filename });
const module_ = new Module(filename);
script
  .runInThisContext()
  .call(module_.exports, module_.exports, createRequire(filename), module_, filename, folder);
writeFileSync(join(folder, 'function.cache'), script.createCachedData());
process.exit(0);
