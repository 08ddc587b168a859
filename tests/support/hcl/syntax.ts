/** An expression of HCL: the part of the language that our Terraform files use. */
export type Expression =
  | { kind: 'literal'; value: string | number | boolean | null }
  | { kind: 'template'; parts: readonly Expression[] }
  | { kind: 'name'; name: string }
  | { kind: 'attribute'; of: Expression; name: string }
  | { kind: 'index'; of: Expression; index: Expression }
  | { kind: 'list'; items: readonly Expression[] }
  | { kind: 'object'; entries: readonly (readonly [Expression, Expression])[] }
  | {
      kind: 'for';
      /** One name binds the value, two bind key and value. */
      names: readonly string[];
      over: Expression;
      /** Given in `{for … : key => value}`, absent in `[for … : value]`. */
      key?: Expression;
      value: Expression;
      when?: Expression;
    }
  | { kind: 'conditional'; when: Expression; then: Expression; otherwise: Expression }
  | { kind: 'binary'; operator: string; left: Expression; right: Expression }
  | { kind: 'call'; name: string; arguments: readonly Expression[]; spread: boolean };

export interface Body {
  attributes: ReadonlyMap<string, Expression>;
  blocks: readonly Block[];
}

export interface Block {
  type: string;
  labels: readonly string[];
  body: Body;
}
