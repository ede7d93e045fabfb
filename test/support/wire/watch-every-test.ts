import { afterAll, afterEach } from '@jest/globals';
import { closeProbe, failOnBreaches, throughProbe } from './probe.ts';

// Jest runs this before each test file. Everything that the file's tests make the service send is judged.
const { TEST_MONGODB_URI } = process.env;
if (TEST_MONGODB_URI !== undefined) process.env['PROBED_MONGODB_URI'] = await throughProbe(TEST_MONGODB_URI);
afterEach(failOnBreaches);
afterAll(closeProbe);
