import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { Eta } from 'eta/core';

/** `include('partials/x')`, `layout('layouts/x')`: templates name each other by constants, so a missing one shows at boot. */
const mention = /\b(include|layout)\(\s*(['"`])([^'"`]*)\2/g;
const anyMention = /\b(include|layout)\(/g;

const nameOf = (folder: string, file: string): string =>
  relative(folder, file).split(sep).join('/').replace(/\.eta$/, '');

const filesOf = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.eta'))
    .map((file) => join(folder, file));

const problemsOf = (name: string, text: string, known: ReadonlySet<string>): readonly string[] => {
  const mentions = [...text.matchAll(mention)].map((match) => match[3] ?? '');
  const missing = mentions.filter((mentioned) => !known.has(mentioned));
  const isOpaque = mentions.length !== [...text.matchAll(anyMention)].length;
  return [
    ...missing.map((mentioned) => `${name} names the template "${mentioned}", which does not exist`),
    ...(isOpaque ? [`${name} must name templates by a text in quotes, so that a missing one shows at the start`] : []),
  ];
};

/**
 * All templates below a folder, compiled at once. Throws, with every problem in one message, when one does not compile or
 * names another that does not exist: a page that cannot be shown is found at boot and not by its reader.
 */
export class Templates {
  // The core of Eta reads no files: a name is looked up in memory or fails.
  private readonly eta = new Eta({ autoEscape: true, cache: true, useWith: false });
  private readonly names: ReadonlySet<string>;

  constructor(folder: string) {
    const texts = new Map(filesOf(folder).map((file) => [nameOf(folder, file), readFileSync(file, 'utf8')] as const));
    this.names = new Set(texts.keys());
    const problems = [...texts].flatMap(([name, text]) => [...problemsOf(name, text, this.names), ...this.compile(name, text)]);
    if (problems.length > 0) throw new Error(`The pages cannot be shown:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }

  /** The name is the path below `views` without its ending. Throws when there is no such template: `require` it at boot. */
  render(name: string, view: object): string {
    return this.eta.render(name, view);
  }

  /** Throws unless the template exists. */
  require(name: string): void {
    if (!this.names.has(name)) throw new Error(`the page template "${name}" must exist below views`);
  }

  private compile(name: string, text: string): readonly string[] {
    try {
      this.eta.loadTemplate(name, text);
      return [];
    } catch (error) {
      return [`${name} does not compile: ${error instanceof Error ? error.message : String(error)}`];
    }
  }
}
