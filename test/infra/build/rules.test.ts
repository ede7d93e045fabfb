import { describe, expect, it } from '@jest/globals';
import { synthesis } from './synthesis.ts';

const { report, acknowledged, findings, findingsBeforeAcknowledgement } = await synthesis('usual');

describe('cdk-nag, AwsSolutions and Serverless', () => {
  it('finds nothing, and neither does CloudFormation’s own validation', () => {
    expect(findings).toEqual([]);
    expect(report.pluginReports).toEqual([]);
  });

  it('was really asked: it finds what was acknowledged as soon as nobody acknowledges it', () => {
    expect(findingsBeforeAcknowledgement.length).toBeGreaterThan(0);
  });

  it('has a reason for each acknowledgement', () => {
    for (const { reason } of acknowledged) expect(reason.split(' ').length).toBeGreaterThan(5);
  });

  it.each([...new Set(acknowledged.map(({ rule }) => rule))])('has no idle acknowledgement of %s', (rule) => {
    const idle = acknowledged
      .filter((acknowledgement) => acknowledgement.rule === rule)
      .filter(
        ({ path }) => !findingsBeforeAcknowledgement.some((found) => found.startsWith(`${rule} ${path}/`)),
      );
    expect(idle).toEqual([]);
  });
});
