/** lanes.d.ts says what the library is: no name more, none less, and of every class the same members. */

import { expect, test } from "bun:test";
import { join } from "node:path";
import ts from "typescript";
import * as library from "../../../src/api/index.ts";
import { root } from "../../support/root.ts";

const file = join(root, "src/api/lanes.d.ts");
const source = ts.createSourceFile(file, await Bun.file(file).text(), ts.ScriptTarget.Latest, true);
const module = source.statements.find(ts.isModuleDeclaration);
const declared: readonly ts.Statement[] =
  module?.body !== undefined && ts.isModuleBlock(module.body) ? module.body.statements : [];
const isExported = (node: ts.Statement) =>
  ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
const classes = declared.filter(ts.isClassDeclaration);

test("it declares every value the library has, and no other", () => {
  const names = declared.flatMap((node) => {
    if (ts.isExportDeclaration(node) && !node.isTypeOnly && node.exportClause && ts.isNamedExports(node.exportClause))
      return node.exportClause.elements.map(({ name }) => name.text);
    if (!isExported(node)) return [];
    if (ts.isClassDeclaration(node) || ts.isFunctionDeclaration(node)) return [node.name?.text];
    if (ts.isVariableStatement(node)) return node.declarationList.declarations.map(({ name }) => name.getText());
    return [];
  });
  // It depends on the process: provide.ts adds it.
  expect(names.sort()).toEqual([...Object.keys(library), "isMainProcess"].sort());
});

/** What a class has besides its own fields: getters and methods, up to what is JavaScript's own. */
function membersOf(type: { prototype: object }): string[] {
  const names = new Set<string>();
  for (let at = type.prototype; at !== Object.prototype && at !== Error.prototype; at = Object.getPrototypeOf(at))
    for (const name of Object.getOwnPropertyNames(at)) names.add(name);
  // How it is shown is no part of what one can call, and every error has a message.
  for (const name of ["constructor", "state", "message"]) names.delete(name);
  return [...names].sort();
}

/** A class whose constructor infers types is a constant and an interface of one name. */
const interfaces = declared
  .filter(ts.isInterfaceDeclaration)
  .filter(({ name }) =>
    declared.some((node) => ts.isVariableStatement(node) && node.getText().includes(`const ${name.text}:`)),
  );

/** What is declared of a class, with what it inherits, but for fields. */
function declaredOf(node: ts.ClassDeclaration | ts.InterfaceDeclaration): string[] {
  const base = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0]?.getText();
  const above = classes.find(({ name }) => name?.text === base);
  const own = [...node.members]
    .filter((member) => ts.isMethodDeclaration(member) || ts.isMethodSignature(member) || ts.isAccessor(member))
    .map((member) => member.name.getText())
    .filter((name) => !name.startsWith("["));
  return [...new Set([...own, ...(above === undefined ? [] : declaredOf(above))])].sort();
}

test.each([...classes, ...interfaces].map((node) => [node.name?.text ?? "", node] as const))("%s", (name, node) => {
  const type = new Map(Object.entries(library)).get(name) as unknown as { prototype: object };
  expect(declaredOf(node)).toEqual(membersOf(type));
});
