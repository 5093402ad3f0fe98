// A condition as a tree, and how large one may be.
import type { ASTNode } from '@marcbachmann/cel-js';

export const maxConditionLength = 1000;
export const maxNodes = 200;

/** The parts of a node, whatever it is. */
export function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [node.args[0]];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case 'map':
      return node.args.flat();
    case '!_':
    case '-_':
      return [node.args];
    default:
      return node.args;
  }
}
