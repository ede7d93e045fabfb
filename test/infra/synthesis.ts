import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { EXAMPLE_SETTINGS } from '#infra/stages.ts';

export type Resource = Readonly<{
  Type: string;
  Properties: Readonly<Record<string, any>>;
  DeletionPolicy?: string;
}>;
export type Synthesis = Readonly<{
  template: Readonly<{
    Resources: Readonly<Record<string, Resource>>;
    Outputs: Readonly<Record<string, any>>;
  }>;
  report: Readonly<{ pluginReports: readonly unknown[] }>;
  acknowledged: readonly Readonly<{ rule: string; path: string; reason: string }>[];
  findings: readonly string[];
  findingsBeforeAcknowledgement: readonly string[];
}>;

/** Synthesizes the stack in a process of its own, in about three seconds. */
export const synthesis = (context: Readonly<Record<string, string>> = {}) => {
  const script = join(import.meta.dirname, 'print-synthesis.ts');
  const settings = JSON.stringify({ ...EXAMPLE_SETTINGS, ...context });
  const made: Synthesis = JSON.parse(
    execFileSync(process.execPath, [script, settings], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }),
  );
  const all = Object.entries(made.template.Resources);
  return {
    ...made,
    /** The resources of a type, each with its logical id. */
    ofType: (type: string): [string, Resource][] => all.filter(([, resource]) => resource.Type === type),
    get: (id: string): Resource => {
      const resource = made.template.Resources[id];
      if (resource === undefined) throw new Error(`The template has no ${id}.`);
      return resource;
    },
  };
};

/** The logical id that `Ref` or `Fn::GetAtt` points to. */
export const targetOf = (reference: any): string => reference?.Ref ?? reference?.['Fn::GetAtt']?.[0];
