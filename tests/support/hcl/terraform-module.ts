import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { evaluate, type Scope } from './evaluate.ts';
import { parseHcl } from './parse.ts';
import type { Block, Body } from './syntax.ts';
import { elementsOf, textOf, type Value } from './values.ts';

export type Attributes = { [name: string]: Value };

/** One resource as Terraform would make it. Nested blocks are lists under their type. */
export interface Resource {
  type: string;
  name: string;
  attributes: Attributes;
}

export interface TerraformModule {
  /** @throws {EvaluationError} */
  local(name: string): Value;
  /** @throws {EvaluationError} */
  output(name: string): Value;
  /** Every resource, an instance each. @throws {EvaluationError} */
  resources(): Resource[];
}

export interface ModuleInputs {
  variables: Readonly<Record<string, Value>>;
  /** What Google would answer: by type and name. */
  data: Value;
  /** Attributes that are known after a resource is made, by its type. */
  computed: Readonly<Record<string, (attributes: Attributes) => Attributes>>;
  /** Contents of the files that `file()` reads, by their names without the folder. */
  files: Readonly<Record<string, string>>;
}

/**
 * Evaluates the Terraform files of a folder without Terraform, which needs its provider, and so the
 * internet, even to validate. What it does not know (modules, `count`, `lifecycle` …) is an error.
 */
export function readTerraformModule(folder: string, inputs: ModuleInputs): TerraformModule {
  const blocks = globSync(['*.tf', '*.tf.json'], { cwd: folder }).flatMap((file) => {
    if (file.endsWith('.json')) throw new Error(`tests/support/hcl does not read ${file}`);
    const { attributes, blocks } = parseHcl(readFileSync(join(folder, file), 'utf8'), file);
    for (const name of attributes.keys()) throw new Error(`${file}: ${name} stands in no block`);
    return blocks;
  });
  const known = ['terraform', 'provider', 'variable', 'locals', 'data', 'resource', 'output'];
  for (const { type } of blocks) {
    if (!known.includes(type)) throw new Error(`tests/support/hcl knows no block ${type}`);
  }
  const ofType = (type: string) => blocks.filter((block) => block.type === type);
  const answered = elementsOf(inputs.data).flatMap(([type, byName]) =>
    elementsOf(byName).map(([name]) => `${type}.${name}`),
  );
  for (const { labels } of ofType('data')) {
    const name = labels.join('.');
    if (!answered.includes(name)) throw new Error(`tests/support/hcl knows no data.${name}`);
  }
  const locals = new Map(ofType('locals').flatMap(({ body }) => [...body.attributes]));
  const resourceBlocks = ofType('resource');

  const local = remembered((name: string) => {
    const expression = locals.get(name);
    if (!expression) throw new Error(`there is no local.${name}`);
    return evaluate(expression, scope);
  });
  const variable = (name: string) => {
    const given = inputs.variables[name];
    if (given !== undefined) return given;
    const declared = ofType('variable').find(({ labels }) => labels[0] === name);
    const fallback = declared?.body.attributes.get('default');
    if (!fallback) throw new Error(`there is no var.${name}, or it has no value`);
    return evaluate(fallback, scope);
  };
  const instances = remembered((address: string): Value => {
    const block = resourceBlocks.find(({ labels }) => labels.join('.') === address);
    if (!block) throw new Error(`there is no ${address}`);
    const each = block.body.attributes.get('for_each');
    if (!each) return instance(block, scope);
    const elements = evaluate(each, scope);
    return Object.fromEntries(
      elementsOf(elements).map(([index, value]) => {
        // The elements of a set are their own keys.
        const key = Array.isArray(elements) ? value : index;
        return [textOf(key), instance(block, { ...scope, each: { key, value } })];
      }),
    );
  });
  const instance = (block: Block, inner: Scope): Attributes => {
    const attributes = contentOf(block.body, inner);
    return { ...attributes, ...inputs.computed[String(block.labels[0])]?.(attributes) };
  };

  const scope: Scope = {
    local,
    var: variable,
    data: inputs.data,
    path: { module: folder },
    file: (path) => {
      const content = inputs.files[basename(path)];
      if (content === undefined) throw new Error(`no file ${path} is given`);
      return content;
    },
    ...Object.fromEntries(
      resourceBlocks.map(({ labels: [type] }) => [
        String(type),
        (name: string) => instances(`${type}.${name}`),
      ]),
    ),
  };

  return {
    local,
    output: (name) => {
      const value = ofType('output')
        .find(({ labels }) => labels[0] === name)
        ?.body.attributes.get('value');
      if (!value) throw new Error(`there is no output ${name}`);
      return evaluate(value, scope);
    },
    resources: () =>
      resourceBlocks.flatMap(({ labels: [type = '', name = ''], body }) => {
        const made = instances(`${type}.${name}`);
        const all = body.attributes.has('for_each')
          ? elementsOf(made).map(([, one]) => one)
          : [made];
        return all.map((attributes) => ({ type, name, attributes: attributes as Attributes }));
      }),
  };
}

/** Arguments about the graph, not about the resource. */
const metaArguments = ['for_each', 'depends_on'];
const unknownMeta = ['count', 'lifecycle', 'provider', 'provisioner'];

function contentOf(body: Body, scope: Scope): Attributes {
  const content: Attributes = {};
  for (const [name, expression] of body.attributes) {
    if (unknownMeta.includes(name)) throw new Error(`tests/support/hcl does not know ${name}`);
    if (!metaArguments.includes(name)) content[name] = evaluate(expression, scope);
  }
  for (const block of body.blocks) {
    if (unknownMeta.includes(block.type)) {
      throw new Error(`tests/support/hcl does not know ${block.type}`);
    }
    const type = block.type === 'dynamic' ? String(block.labels[0]) : block.type;
    const before = (content[type] ?? []) as Value[];
    content[type] = [
      ...before,
      ...(block.type === 'dynamic' ? dynamic(block, scope) : [contentOf(block.body, scope)]),
    ];
  }
  return content;
}

/** `dynamic "env" { for_each = …, content { … } }` is a block `env` per element. */
function dynamic({ labels, body }: Block, scope: Scope): Attributes[] {
  const each = body.attributes.get('for_each');
  const content = body.blocks.find(({ type }) => type === 'content');
  if (!each || !content) throw new Error('a dynamic block has for_each and content');
  return elementsOf(evaluate(each, scope)).map(([key, value]) =>
    contentOf(content.body, { ...scope, [String(labels[0])]: { key, value } }),
  );
}

function remembered(compute: (name: string) => Value): (name: string) => Value {
  const known = new Map<string, Value>();
  return (name) => {
    const value = known.get(name) ?? compute(name);
    known.set(name, value);
    return value;
  };
}
