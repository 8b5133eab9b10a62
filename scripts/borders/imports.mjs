import { parseAst } from 'rolldown/parseAst';

/**
 * Every import of a source file, however it is written.
 * @returns {{ specifier: string, isType: boolean, line: number }[]}
 */
export function importsOf(text, fileName) {
  const found = [];
  const add = (literal, isType) => {
    if (typeof literal?.value !== 'string') return;
    const line = text.slice(0, literal.start).split('\n').length;
    found.push({ specifier: literal.value, isType, line });
  };
  walk(parseAst(text, { lang: languageOf(fileName) }), (node) => {
    switch (node.type) {
      case 'ImportDeclaration':
        return add(node.source, node.importKind === 'type');
      case 'ExportNamedDeclaration':
      case 'ExportAllDeclaration':
        return add(node.source, node.exportKind === 'type');
      case 'ImportExpression':
        return add(node.source, false);
      case 'TSImportType':
        return add(node.source ?? node.argument?.literal ?? node.argument, true);
      case 'CallExpression':
        return isModuleCall(node.callee) ? add(node.arguments[0], false) : undefined;
      case 'NewExpression':
        return isModuleUrl(node) ? add(node.arguments[0], false) : undefined;
      default:
        return undefined;
    }
  });
  return found;
}

const languageOf = (fileName) => {
  const extension = fileName.slice(fileName.lastIndexOf('.') + 1);
  return { tsx: 'tsx', ts: 'ts', mts: 'ts', jsx: 'jsx' }[extension] ?? 'js';
};

/** `require('x')` and `vi.mock('x')`. */
const isModuleCall = (callee) =>
  callee.name === 'require' || (callee.object?.name === 'vi' && /^(do)?[mM]ock$/.test(callee.property?.name));

/** `new URL('./x.ts', import.meta.url)`, as workers are named. */
const isModuleUrl = (node) => {
  const base = node.arguments[1];
  return (
    node.callee.name === 'URL' &&
    base?.property?.name === 'url' &&
    /\.[mc]?[jt]sx?$/.test(node.arguments[0]?.value)
  );
};

function walk(node, visit) {
  if (Array.isArray(node)) {
    for (const child of node) walk(child, visit);
  } else if (node !== null && typeof node === 'object') {
    if (typeof node.type === 'string') visit(node);
    for (const key in node) if (key !== 'parent') walk(node[key], visit);
  }
}
