import { execFileSync } from 'node:child_process';
import { hash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
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

/** The synthesis with these settings, made in a process of its own by the first file of the jest run that asks for it. */
const printed = (settings: string): string => {
  const file = join(process.env['TEST_RUN_FOLDER'] ?? '', `synthesis-${hash('sha256', settings)}.json`);
  if (!existsSync(file)) {
    const script = join(import.meta.dirname, 'print-synthesis.ts');
    // Another file may ask meanwhile: it must find a whole one or none.
    const draft = `${file}.${randomUUID()}`;
    writeFileSync(draft, execFileSync(process.execPath, [script, settings], { maxBuffer: 64 * 1024 * 1024 }));
    renameSync(draft, file);
  }
  return readFileSync(file, 'utf8');
};

/** Synthesizes the stack, in about three seconds; with the same settings once in a run. */
export const synthesis = (context: Readonly<Record<string, string>> = {}) => {
  const made: Synthesis = JSON.parse(printed(JSON.stringify({ ...EXAMPLE_SETTINGS, ...context })));
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
