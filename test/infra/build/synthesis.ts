import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EXAMPLE_SETTINGS } from '#infra/stack/stage-settings.ts';
import { madeOnce } from '#test/support/made-once.ts';

export type Resource = Readonly<{
  Type: string;
  Properties: Readonly<Record<string, any>>;
  DeletionPolicy?: string;
  DependsOn?: readonly string[];
}>;
type Template = Readonly<{
  Resources: Readonly<Record<string, Resource>>;
  Outputs?: Readonly<Record<string, any>>;
}>;
export type Synthesis = Readonly<{
  templates: Readonly<Record<'main' | 'work' | 'watch', Template>>;
  report: Readonly<{ pluginReports: readonly unknown[] }>;
  acknowledged: readonly Readonly<{ rule: string; path: string; reason: string }>[];
  findings: readonly string[];
  findingsBeforeAcknowledgement: readonly string[];
}>;

/** Settings of the stages that tests look at. */
export const STAGES = {
  usual: { ...EXAMPLE_SETTINGS, alarmEmail: 'ops@example.com' },
  'without purge': { ...EXAMPLE_SETTINGS, purge: 'off' },
  'with a small limit': {
    ...EXAMPLE_SETTINGS,
    stageRequestsPerSecond: '100',
    stageBurst: '109',
    businessRequestsPerSecond: '5',
    businessBurst: '8',
  },
  'on a given bus': { ...EXAMPLE_SETTINGS, eventBus: 'company-events' },
  'of another issuer': {
    ...EXAMPLE_SETTINGS,
    issuer: 'https://issuer.example.com/',
    audience: 'a,b',
    allowedOrigins: 'https://panel.example.com, https://admin.example.com',
  },
} as const;

const run = promisify(execFile);
const WRITE_SYNTHESES = join(import.meta.dirname, 'write-syntheses.ts');

/** A folder with what the synthesis of each stage makes, as JSON. */
const syntheses = (): Promise<string> =>
  madeOnce('syntheses', (folder) => run(process.execPath, [WRITE_SYNTHESES, folder, JSON.stringify(STAGES)]));

const readable = (template: Template) => ({
  template,
  /** The resources of a type, each with its logical id. */
  ofType: (type: string): [string, Resource][] =>
    Object.entries(template.Resources).filter(([, resource]) => resource.Type === type),
  get: (id: string): Resource => {
    const resource = template.Resources[id];
    if (resource === undefined) throw new Error(`The template has no ${id}.`);
    return resource;
  },
});

/** What the synthesis of the three stacks makes. The first file of a Jest run that asks for a stage has all of them made. */
export const synthesis = async (stage: keyof typeof STAGES) => {
  const made: Synthesis = JSON.parse(readFileSync(join(await syntheses(), `${stage}.json`), 'utf8'));
  const { main, work, watch } = made.templates;
  const stacks = { main: readable(main), work: readable(work), watch: readable(watch) };
  return {
    ...made,
    ...stacks,
    /** The resources of a type in all three stacks, each with its logical id. */
    ofType: (type: string): [string, Resource][] =>
      Object.values(stacks).flatMap((stack) => stack.ofType(type)),
    /** What the main stack has as the output that another stack reads. */
    outputOf: (reference: any): any => {
      const { StackName, OutputName } = reference['Fn::GetStackOutput'];
      if (StackName !== 'CustomerManagement') throw new Error(`${StackName} is not the main stack.`);
      return main.Outputs?.[OutputName].Value;
    },
  };
};

/** The logical id that `Ref` or `Fn::GetAtt` points to. */
export const targetOf = (reference: any): string => reference?.Ref ?? reference?.['Fn::GetAtt']?.[0];

/** A text with what it refers to in angle brackets: `arn:<AWS::Partition>:sqs:…`. */
export const textOf = (value: any): string =>
  typeof value === 'string'
    ? value
    : (value['Fn::Join']?.[1].map(textOf).join(value['Fn::Join'][0]) ?? `<${targetOf(value)}>`);
