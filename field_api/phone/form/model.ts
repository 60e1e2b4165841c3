// A form with its answers: what is relevant, what is calculated, which choices are open, what is wrong.
// backend/registry/forms/model.py says the same in Python; change both, and the shared vectors.
import { ANSWERED, INSTANCES_MAX, nothing, readAnswer } from "./answers";
import { type Answered, evaluate, type Place } from "./evaluate";
import type { Answers, Choice, Fault, FaultCode, Form, Node, Tree } from "./types";
import { Day, dayOf, isBlank, toText, toTruth, type Value } from "./values";

/** A node of the form with the group that it stands in and its repeat. */
export interface Spot {
  node: Node;
  parent: string | null;
  repeat: string | null;
}

export interface Circumstances {
  /** Local day of the visit, as 2026-11-23. */
  today: string;
  /** False lets required questions stay open: the visit could not take place. */
  needed?: boolean;
}

type Instance = number | null;
const own = (answers: Answers, name: string) => (Object.hasOwn(answers, name) ? answers[name] : undefined);

/** A form filled with answers as they came; odd answers are faults, never errors. */
export class Filled implements Answered {
  readonly spots: ReadonlyMap<string, Spot>;
  private readonly today: Day;
  private readonly counts = new Map<string, number>();
  private readonly relevant = new Map<string, boolean>();
  private readonly values = new Map<string, Value>();
  private readonly unfit = new Map<string, FaultCode>();

  constructor(
    private readonly form: Form,
    private readonly given: Answers,
    private readonly circumstances: Circumstances,
  ) {
    this.spots = new Map(spotsOf(form.nodes, null, null));
    this.today = dayOf(circumstances.today) ?? new Day(0);
    for (const [name, { node }] of this.spots) if (node.kind === "repeat") this.counts.set(name, this.count(name));
    for (const name of form.order) for (const instance of this.instances(name)) this.settle(name, instance);
  }

  private count(repeat: string): number {
    const given: unknown = own(this.given, repeat);
    const fits = Array.isArray(given) && given.length <= INSTANCES_MAX && given.every(isAnswers);
    return fits ? given.length : 0;
  }

  private spot(name: string): Spot {
    const spot = this.spots.get(name);
    if (!spot) throw new Error(`the form has no ${name}`);
    return spot;
  }

  /** The instances in which a node stands; `[null]` outside repeats. */
  instances(name: string): Instance[] {
    const { repeat } = this.spot(name);
    return repeat === null ? [null] : Array.from({ length: this.counts.get(repeat) ?? 0 }, (_, index) => index);
  }

  /** An answer as it came. */
  raw(name: string, instance: Instance): unknown {
    const { repeat } = this.spot(name);
    if (repeat === null) return own(this.given, name);
    const rows = own(this.given, repeat) as Answers[];
    return own(rows[instance ?? 0] ?? {}, name);
  }

  /** Decide relevance and value of a node; all that it looks at has been settled before it. */
  private settle(name: string, instance: Instance): void {
    const { node } = this.spot(name);
    const path = this.path(name, instance);
    const relevant = this.above(name, instance) && this.wanted(name, instance);
    this.relevant.set(path, relevant);
    if (!relevant) return;
    if (node.kind === "calculate")
      this.values.set(path, kept(evaluate(node.calculate ?? "", this.place(name, instance))));
    else if (ANSWERED.has(node.kind) && !nothing(this.raw(name, instance))) this.read(node, path, instance);
  }

  private above(name: string, instance: Instance): boolean {
    const { parent } = this.spot(name);
    return parent === null || this.isRelevant(parent, this.spot(parent).repeat === null ? null : instance);
  }

  private wanted(name: string, instance: Instance): boolean {
    const { relevant } = this.spot(name).node;
    return relevant === undefined || toTruth(evaluate(relevant, this.place(name, instance)));
  }

  private read(node: Node, path: string, instance: Instance): void {
    const names = (this.form.choices[node.list ?? ""] ?? []).map((choice) => choice.name);
    const read = readAnswer(node.kind, this.raw(node.name, instance), names);
    if ("unfit" in read) this.unfit.set(path, read.unfit);
    else this.values.set(path, read.value);
  }

  private place(name: string, instance: Instance, self: Value = "", columns: Place["columns"] = {}): Place {
    return { form: this, today: this.today, home: this.spot(name).repeat, instance, own: self, columns };
  }

  /** Where an expression stands that belongs to no question. */
  outside(): Place {
    return { form: this, today: this.today, home: null, instance: null, own: "", columns: {} };
  }

  /** The value of an expression seen from outside all repeats. */
  calculated(tree: Tree): Value {
    return evaluate(tree, this.outside());
  }

  /** The value at a path; blank where there is none. */
  valueAt(path: string): Value {
    return this.values.get(path) ?? "";
  }

  /** Is a node relevant in that instance? */
  isRelevant(name: string, instance: Instance): boolean {
    return this.relevant.get(this.path(name, instance)) ?? false;
  }

  value(name: string, instance: Instance): Value {
    const { repeat } = this.spot(name);
    return this.values.get(this.path(name, repeat === null ? null : instance)) ?? "";
  }

  isMany(name: string, home: string | null): boolean {
    const { node, repeat } = this.spot(name);
    return node.kind === "repeat" || (repeat !== null && repeat !== home);
  }

  allValues(name: string): Value[] {
    if (this.spot(name).node.kind === "repeat") {
      return this.isRelevant(name, null) ? Array.from({ length: this.counts.get(name) ?? 0 }, () => "") : [];
    }
    return this.instances(name)
      .filter((instance) => this.isRelevant(name, instance))
      .map((instance) => this.value(name, instance));
  }

  /** The choices open to a question. */
  choices(name: string, instance: Instance): Choice[] {
    const { list, filter } = this.spot(name).node;
    const rows = this.form.choices[list ?? ""] ?? [];
    if (filter === undefined) return rows;
    return rows.filter((row) => toTruth(evaluate(filter, this.place(name, instance, "", row))));
  }

  /** Must a question be answered now? */
  required(name: string, instance: Instance): boolean {
    const { required } = this.spot(name).node;
    if (this.circumstances.needed === false || required === undefined) return false;
    return toTruth(evaluate(required, this.place(name, instance)));
  }

  /** Has a question an answer that it can take? */
  answered(name: string, instance: Instance): boolean {
    return this.values.has(this.path(name, instance));
  }

  /** What is wrong, in the form's order; unknown answers last. */
  faults(): Fault[] {
    const known = [...this.spots.keys()].flatMap((name) =>
      this.instances(name).flatMap((instance) => this.faultsAt(name, instance)),
    );
    return [...known, ...this.unknown()];
  }

  /** What is wrong with one answer. */
  faultsAt(name: string, instance: Instance): Fault[] {
    const { node } = this.spot(name);
    const path = this.path(name, instance);
    if (!this.isRelevant(name, instance)) return [];
    if (node.kind === "repeat") return this.oddRepeat(name) ? [{ path, code: "type", message: null }] : [];
    if (!ANSWERED.has(node.kind)) return [];
    const unfit = this.unfit.get(path);
    if (unfit) return [{ path, code: unfit, message: null }];
    const value = this.values.get(path);
    if (value !== undefined) return this.faultsOfValue(node, path, instance, value);
    return this.required(name, instance) ? [{ path, code: "required", message: node.required_message ?? null }] : [];
  }

  private oddRepeat(name: string): boolean {
    return !nothing(own(this.given, name)) && !this.counts.get(name);
  }

  private faultsOfValue(node: Node, path: string, instance: Instance, value: Value): Fault[] {
    if (node.filter !== undefined) {
      const open = new Set(this.choices(node.name, instance).map((choice) => choice.name));
      const closed = toText(value)
        .split(" ")
        .some((one) => !open.has(one));
      if (closed) return [{ path, code: "choice", message: null }];
    }
    const place = this.place(node.name, instance, value);
    if (node.constraint === undefined || toTruth(evaluate(node.constraint, place))) return [];
    return [{ path, code: "constraint", message: node.constraint_message ?? null }];
  }

  /** How faults name a place. */
  path(name: string, instance: Instance): string {
    return instance === null ? name : `${this.spot(name).repeat}/${instance}/${name}`;
  }

  /** Answers that belong to no question here. */
  private unknown(): Fault[] {
    const outside = Object.keys(this.given).filter((name) => !this.belongs(name, null) && !this.counts.has(name));
    const inside = [...this.counts].flatMap(([repeat, count]) =>
      Array.from({ length: count }, (_, index) => index).flatMap((index) =>
        Object.keys((own(this.given, repeat) as Answers[])[index] ?? {})
          .filter((name) => !this.belongs(name, repeat))
          .map((name) => `${repeat}/${index}/${name}`),
      ),
    );
    return [...outside, ...inside].sort().map((path) => ({ path, code: "unknown", message: null }));
  }

  private belongs(name: string, repeat: string | null): boolean {
    const spot = this.spots.get(name);
    return spot?.repeat === repeat && (ANSWERED.has(spot.node.kind) || spot.node.kind === "calculate");
  }
}

function* spotsOf(nodes: readonly Node[], parent: string | null, repeat: string | null): Generator<[string, Spot]> {
  for (const node of nodes) {
    yield [node.name, { node, parent, repeat }];
    yield* spotsOf(node.children ?? [], node.name, node.kind === "repeat" ? node.name : repeat);
  }
}

function isAnswers(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A calculated value as it is kept: what is no number is blank. */
function kept(value: Value): Value {
  return (typeof value === "number" && !Number.isFinite(value)) || isBlank(value) ? "" : value;
}
