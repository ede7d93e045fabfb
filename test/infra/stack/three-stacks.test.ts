import { describe, expect, it } from '@jest/globals';
import { synthesis } from '../build/synthesis.ts';

const { templates } = await synthesis('usual');
const stacks = Object.entries(templates);

/** CloudFormation takes 500 resources and 200 outputs in a stack: these limits leave time to act. */
const MOST_RESOURCES = 450;
const MOST_OUTPUTS = 180;

describe('the three stacks', () => {
  it.each(stacks)('%s has room for more use cases', (_, { Resources, Outputs = {} }) => {
    expect(Object.keys(Resources).length).toBeLessThanOrEqual(MOST_RESOURCES);
    expect(Object.keys(Outputs).length).toBeLessThanOrEqual(MOST_OUTPUTS);
  });

  it('print their sizes', () => {
    const sizes = stacks.map(([name, { Resources, Outputs = {} }]) => {
      const [resources, outputs] = [Resources, Outputs].map((part) => Object.keys(part).length);
      return `${name} ${String(resources)} resources, ${String(outputs)} outputs`;
    });
    process.stdout.write(`stacks: ${sizes.join('; ')} (at most ${String(MOST_RESOURCES)} resources each)\n`);
    expect(sizes).toHaveLength(3);
  });

  it.each(stacks)('%s has no export and no import, which would block removing a function', (_, template) => {
    expect(JSON.stringify(template)).not.toContain('Fn::ImportValue');
    for (const output of Object.values(template.Outputs ?? {})) expect(output).not.toHaveProperty('Export');
  });

  it('refer to the main stack only: neither of the others is needed to deploy another', () => {
    expect(JSON.stringify(templates.main)).not.toContain('Fn::GetStackOutput');
    for (const template of [templates.work, templates.watch]) {
      const read = [...JSON.stringify(template).matchAll(/"StackName":"([^"]+)"/g)].map(([, name]) => name);
      expect(read.filter((name) => name !== 'CustomerManagement')).toEqual([]);
      expect(template.Outputs).toBeUndefined();
    }
    expect(JSON.stringify(templates.watch)).toContain('"OutputName":"AlarmTopic"');
  });
});
