import { describe, expect, it } from '@jest/globals';
import { nearestName } from '#lib/domain/spelling/nearest-name.ts';

const NAMES = ['page', 'pageSize', 'phrase', 'state'];

describe('nearestName', () => {
  it.each([
    ['pagesize', 'pageSize'],
    ['PAGE', 'page'],
    ['pagSize', 'pageSize'],
    ['pageSizes', 'pageSize'],
    ['phrsae', 'phrase'],
    ['stat', 'state'],
    ['status', 'state'],
  ])('%s is probably %s', (written, meant) => {
    expect(nearestName(written, NAMES)).toBe(meant);
  });

  it.each(['', 'email', 'x', 'pa', 'stateless-things'])('nobody can know what %s means', (written) => {
    expect(nearestName(written, NAMES)).toBeUndefined();
  });

  it('takes the nearest of several', () => {
    expect(nearestName('stat', ['states', 'state'])).toBe('state');
    expect(nearestName('stat', ['state', 'states'])).toBe('state');
  });
});
