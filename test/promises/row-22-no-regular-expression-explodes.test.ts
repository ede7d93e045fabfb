import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { contracts } from '#functions/contracts.ts';
import { newCustomer } from '#lib/domain/customers/customer.ts';
import { isEmail } from '#lib/domain/spelling/email.ts';
import { foldEmail, foldName, foldText } from '#lib/domain/spelling/folding.ts';
import { readPhone } from '#lib/domain/spelling/phone.ts';
import { nameBeginnings, phraseWords } from '#lib/domain/spelling/search-words.ts';
import { DEFAULT_SETTINGS } from '#lib/domain/business/business-settings.ts';
import { parseRequest } from '#lib/serve/request/parse.ts';
import { callerOf } from '#lib/serve/request/permit.ts';
import { versionsIn } from '#lib/serve/request/precondition.ts';
import { maskEmail } from '#lib/domain/access/masking.ts';
import { filled, HOSTILE_UNITS, hostileTexts } from '#test/support/hostile-texts.ts';
import { PROOF_TIMEOUT_MS, report } from '#test/support/promise.ts';
import { anEvent, type Call } from '#test/support/service.ts';

const ROOT = join(import.meta.dirname, '../..');
/** What explodes does so on the short ones, and would never end on the long. */
const LENGTHS = [24, 3_000, 100_000];
const LIMIT_MS = 50;
const RUNS = 7;
/** No busy machine makes quick work take this long. */
const BEYOND_DOUBT_MS = 1_000;

/** What reads requests: all that is deployed, and of what serves it here all but what starts a database or reads cdk.out. */
const files = ['lib', 'functions', 'infra/local'].flatMap((room) =>
  readdirSync(join(ROOT, room), { recursive: true, withFileTypes: true })
    .filter((entry) => /\.(ts|mjs|js)$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((path) => !/^infra\/local\/(?:database|assembly)\//.test(path)),
);

type Found = Readonly<{ place: string; pattern: RegExp }>;

/** What a file names at its top: texts and tables, of which a pattern may be made. */
const constantsOf = (source: ts.SourceFile): string[] =>
  source.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList: { declarations } }) => [...declarations])
    .filter(
      ({ initializer: value }) => value && (ts.isStringLiteral(value) || ts.isObjectLiteralExpression(value)),
    )
    .map((declaration) => `const ${declaration.getText()};`);

/** The pattern that an expression is or makes of such constants; null when it is made of something else. */
const madeOf = (source: ts.SourceFile, expression: ts.Expression): RegExp | null => {
  const constants = ts.isRegularExpressionLiteral(expression) ? [] : constantsOf(source);
  const program = [...constants, expression.getText()].join('\n');
  try {
    const { source: pattern, flags } = runInNewContext(
      ts.transpile(program, { target: ts.ScriptTarget.Latest }),
    );
    return new RegExp(pattern, flags);
  } catch {
    return null;
  }
};

/** Every pattern that is written down or made, and the places that make one of what only comes later. */
const findings = (): { patterns: Found[]; unknown: string[] } => {
  const patterns: Found[] = [];
  const unknown: string[] = [];
  for (const path of files) {
    const source = ts.createSourceFile(
      path,
      readFileSync(join(ROOT, path), 'utf8'),
      ts.ScriptTarget.Latest,
      true,
    );
    const visit = (node: ts.Node): void => {
      const makes =
        (ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'RegExp';
      if (ts.isRegularExpressionLiteral(node) || makes) {
        const pattern = madeOf(source, node);
        const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
        if (pattern === null) unknown.push(path);
        else patterns.push({ place: `${path}:${String(line)}`, pattern });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return { patterns, unknown };
};

let slowest = { ms: 0, what: '' };
let checked = 0;
/** The processor time it takes, in milliseconds; of what looks slow the quickest of several runs: a busy machine only adds. */
const measured = (what: string, work: () => unknown): number => {
  const timed = (): number => {
    const before = process.threadCpuUsage();
    work();
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1000;
  };
  checked += 1;
  let ms = timed();
  if (ms > LIMIT_MS / 2 && ms < BEYOND_DOUBT_MS) ms = Math.min(...Array.from({ length: RUNS }, timed));
  if (ms > slowest.ms) slowest = { ms, what };
  return ms;
};
const expectQuick = (what: string, work: () => unknown): void => {
  const ms = measured(what, work);
  if (ms > LIMIT_MS) throw new Error(`${what} took ${ms.toFixed(0)} ms.`);
};
const expectPatternQuick = (place: string, pattern: RegExp): void => {
  for (const length of LENGTHS)
    for (const text of hostileTexts(pattern, length))
      expectQuick(`${place} on ${JSON.stringify(text.slice(0, 12))}…`, () =>
        pattern.global ? text.replaceAll(pattern, '') : pattern.test(text),
      );
};
const figures = (): string => {
  const said = `${String(checked)} runs, the slowest ${slowest.ms.toFixed(1)} ms: ${slowest.what}`;
  checked = 0;
  slowest = { ms: 0, what: '' };
  return said;
};

const { patterns, unknown } = findings();

describe('a regular expression', () => {
  it('is found wherever it is written, and made of nothing that a request brings', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(patterns.map(({ pattern }) => pattern.source)).toEqual(
      expect.arrayContaining(['^[0-9a-f]{24}$', '[^0-9０-９٠-٩۰-۹]+']),
    );
    // It names methods of Mongoose.
    expect(unknown).toEqual(['lib/store/isolation/guarded-schema.ts']);
  });

  it.each(patterns.map(({ place, pattern }) => [place, pattern] as const))(
    '%s is done within 50 ms with 100 KB of what is worst for it',
    expectPatternQuick,
    PROOF_TIMEOUT_MS,
  );

  it('is tried, each of them', () => {
    expect(checked).toBeGreaterThan(patterns.length * 100);
    report(22, `${String(patterns.length)} patterns on 100 KB each: ${figures()}`);
  });

  it('is found out, if it explodes', () => {
    expect(() => expectPatternQuick('a bomb', /^(?:a+)+$/)).toThrow(/a bomb on "aaaaa/);
    figures();
  });
});

/** What the gateway lets pass of a request's line and headers together. */
const HEADERS = 10_240;
const BODY = 131_072;
const at = new Date('2026-01-01T00:00:00.000Z');

describe('a reader of what a request brings', () => {
  const READERS: Readonly<Record<string, readonly [number, (text: string) => unknown]>> = {
    isEmail: [254, isEmail],
    foldEmail: [254, foldEmail],
    maskEmail: [254, maskEmail],
    readPhone: [50, (text) => readPhone(text, 'PL')],
    foldName: [101, foldName],
    nameBeginnings: [101, nameBeginnings],
    phraseWords: [300, phraseWords],
    foldText: [20_000, foldText],
    versionsIn: [HEADERS, (text) => orRefusal(() => versionsIn({ 'if-match': text }, 'required'))],
    'callerOf, by header': [HEADERS, (text) => callerOf(anEvent({ businessId: text }))],
    'callerOf, by claim': [
      HEADERS,
      (text) =>
        callerOf(anEvent({ businessId: '5f1d7f1d7f1d7f1d7f1d7f1d', claims: { business_roles: text } })),
    ],
    newCustomer: [
      50,
      (text) =>
        orRefusal(() =>
          newCustomer(
            '5f1d7f1d7f1d7f1d7f1d7f1d',
            {
              firstName: text,
              lastName: text,
              phone: text,
              email: filled(text, 254),
              note: filled(text, 20_000),
            },
            { at, settings: DEFAULT_SETTINGS },
          ),
        ),
    ],
  };

  it.each(Object.entries(READERS))(
    '%s is done within 50 ms with its longest input',
    (name, [longest, read]) => {
      for (const unit of HOSTILE_UNITS)
        expectQuick(`${name} on ${JSON.stringify(unit)}…`, () => read(filled(unit, longest)));
    },
  );

  const routes = contracts.filter((contract) => contract.kind === 'route');
  it.each(routes.map((route) => [route.name, route] as const))(
    'parseRequest for %s is done within 50 ms with whatever is as long as it may be',
    (name, route) => {
      const names = (schema: unknown): string[] =>
        typeof schema === 'object' && schema !== null && 'shape' in schema
          ? Object.keys(schema.shape as object)
          : [];
      for (const unit of HOSTILE_UNITS) {
        const [line, body] = [filled(unit, HEADERS), filled(unit, BODY / 8)];
        const requests: Call[] = [
          { id: line, body: {}, headers: { 'if-match': '*' } },
          { body, headers: { 'content-type': line, 'if-match': line } },
          ...names(route.query).map((field) => ({ query: { [field]: line } })),
          ...names(route.body).map((field) => ({ body: { [field]: body } })),
          { body: { stateHistory: [{ state: 'active', setAt: body }] } },
          { body: { [body]: 1 } },
          { body: filled(unit, BODY) },
        ];
        for (const request of requests)
          expectQuick(`parseRequest of ${name} with ${JSON.stringify(unit)}…`, () =>
            orRefusal(() => parseRequest(route, eventOf(request))),
          );
      }
    },
    PROOF_TIMEOUT_MS,
  );

  it('is measured, each of them', () => {
    expect(checked).toBeGreaterThan(1_000);
    report(22, `complete readers on their longest inputs: ${figures()}`);
  });
});

/** As far as it is read. */
function eventOf(request: Call): any {
  return anEvent(request);
}

function orRefusal(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && error.name === 'Refusal') return null;
    throw error;
  }
}
