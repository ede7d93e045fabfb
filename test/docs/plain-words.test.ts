import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

const ROOT = resolve(import.meta.dirname, '../..');

/** Folders whose string literals people read: refusals, descriptions, messages. */
const SPOKEN = ['lib', 'functions', 'infra'];
/** Folders whose comments and READMEs are held to the same words. */
const WRITTEN = ['lib', 'functions', 'infra', 'docs'];

/** Phrases that a plain sentence does without. */
const FORBIDDEN = [
  'anew',
  'be it',
  'by itself',
  'it is told',
  'kin',
  'leads nobody',
  'somebody who',
  'stands in place of',
  'thereof',
  'what is there',
  'who asks',
  'whoever',
];
const PATTERN = new RegExp(`(?<![\\w-])(?:${FORBIDDEN.join('|')})(?![\\w-])`, 'gi');

const forbiddenIn = (texts: readonly string[]): string[] =>
  texts.flatMap((text) => [...text.replaceAll(/\s+(?:\* |\/\/ )?\s*/g, ' ').matchAll(PATTERN)].map(String));

const filesIn = (folders: readonly string[], pattern: string): string[] =>
  folders.flatMap((folder) => globSync(`${folder}/**/${pattern}`, { cwd: ROOT })).sort();
const textOf = (file: string): string => readFileSync(resolve(ROOT, file), 'utf8');

/** The texts of all string literals and templates of a source file. */
const literalsOf = (source: string): string[] => {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      texts.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('a.ts', source, ts.ScriptTarget.Latest));
  return texts;
};

describe('plain words', () => {
  const spoken = filesIn(SPOKEN, '*.ts');

  it('are all that the service says', () => {
    expect(spoken.length).toBeGreaterThan(100);
    expect(
      spoken.flatMap((file) => forbiddenIn(literalsOf(textOf(file))).map((found) => `${file}: ${found}`)),
    ).toEqual([]);
  });

  it('are all that its rooms explain', () => {
    const written = filesIn(WRITTEN, '*.{ts,md}');
    expect(written.length).toBeGreaterThan(50);
    expect(
      written.flatMap((file) => forbiddenIn([textOf(file)]).map((found) => `${file}: ${found}`)),
    ).toEqual([]);
  });

  it('are missed where they are missing', () => {
    const source = "say('Whoever asks.', `a ${b} anew`); // kin";
    expect(forbiddenIn(literalsOf(source))).toEqual(['Whoever', 'anew']);
    expect(forbiddenIn(['what\n * is there', 'kin-ship, skin, renew, getAnew'])).toEqual(['what is there']);
  });
});
