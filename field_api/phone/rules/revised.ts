// Another version of a checklist takes the place of the one a draft was filled with: what becomes of its answers, which
// carry over by name (docs/checklists.md), and what a person should look at again.
import { ANSWERED, type Answers, type Node } from "../form";
import type { CheckItem, Checklist, Words } from "../types";

/** The number of an item in the newer version, by its number in the older one; null where it is asked no more. */
export type Renumbering = (no: number) => number | null;

/** Items go by name. Those without one, or of a version that this phone never had, keep their number. */
export function renumbering(older: Checklist | undefined, newer: Checklist): Renumbering {
  const names = new Map(older?.items.map(({ no, name }) => [no, name]));
  const named = new Map(newer.items.map(({ no, name }) => [name, no]));
  const known = new Set(named.values());
  return (no) => {
    const name = names.get(no);
    return (name === undefined ? known.has(no) && no : named.get(name)) || null;
  };
}

/** What is kept by item, under the newer numbers; what belongs to items that are asked no more is left out. */
export function renumbered<T>(kept: Readonly<Record<number, T>> | undefined, to: Renumbering): Record<number, T> {
  const all = Object.entries(kept ?? {}).map(([no, one]) => [to(Number(no)), one] as const);
  return Object.fromEntries(all.filter(([no]) => no !== null));
}

/** Answers beside the items that the newer version still asks for, in its shape: rows for a repeat, else a single answer. */
export function stillAsked(nodes: readonly Node[], given: Answers): Answers {
  const asked = new Map(answerable(nodes).map((node) => [node.name, node]));
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, answer]) => {
      const node = asked.get(name);
      const rows = Array.isArray(answer) ? answer.filter((one) => typeof one === "object") : [];
      if (node?.kind !== "repeat") return node && !rows.length ? [[name, answer]] : [];
      return rows.length ? [[name, rows.map((row) => stillAsked(node.children ?? [], row))]] : [];
    }),
  );
}

/** Questions and repeats, out of groups. */
function answerable(nodes: readonly Node[]): Node[] {
  return nodes.flatMap((node) => (node.kind === "group" ? answerable(node.children ?? []) : [node]));
}

/** A question that is new, reads otherwise or follows other rules, or is asked no more; `focus` leads to it. */
export interface Change {
  kind: "new" | "changed" | "gone";
  focus: number | string | null;
  /** Of an item: its number, in the version that has it. */
  no: number | null;
  label: Words | Node["label"];
}

/** What differs between two versions, in the newer one's order; what is asked no more comes last. */
export function changesBetween(older: Checklist, newer: Checklist): Change[] {
  const [before, now] = [questionsOf(older), questionsOf(newer)];
  const told = [...now].flatMap(([key, question]): Change[] => {
    const known = before.get(key);
    if (known?.says === question.says) return [];
    return [{ ...question, kind: known ? "changed" : "new" }];
  });
  const gone = [...before].filter(([key]) => !now.has(key));
  return [...told, ...gone.map(([, question]): Change => ({ ...question, kind: "gone", focus: null }))];
}

interface Question extends Omit<Change, "kind"> {
  /** All that it asks and demands, as one text to compare. */
  says: string;
}

/** Items, then everything else that is answered; by name, items without one by number. */
function questionsOf(checklist: Checklist): Map<string, Question> {
  const leaves = leavesOf(checklist.form?.nodes ?? [], false);
  const nodes = new Map(leaves.map(({ node }) => [node.name, node]));
  const rulesOf = (node: Node | undefined) => {
    const { item: _, ...rules } = node ?? {}; // its number may change, and the rest of it is compared as an item
    return [rules, node?.list && checklist.form?.choices[node.list]];
  };
  const items = checklist.items.map((item) => ofItem(item, rulesOf(nodes.get(item.name ?? ""))));
  const others = leaves.filter(({ node }) => !node.item);
  return new Map([...items, ...others.map((leaf) => ofNode(leaf, rulesOf(leaf.node)))]);
}

/** A node that is answered; one that stands in a repeat has no single place. */
interface Leaf {
  node: Node;
  repeated: boolean;
}

function leavesOf(nodes: readonly Node[], repeated: boolean): Leaf[] {
  return nodes.flatMap((node) => {
    if (node.children) return leavesOf(node.children, repeated || node.kind === "repeat");
    return ANSWERED.has(node.kind) ? [{ node, repeated }] : [];
  });
}

function ofItem({ no, name, text, ...rest }: CheckItem, rules: unknown): [string, Question] {
  return [name ?? `${no}`, { focus: no, no, label: text, says: JSON.stringify([text, rest, rules]) }];
}

function ofNode({ node: { name, label }, repeated }: Leaf, rules: unknown): [string, Question] {
  return [name, { focus: repeated ? null : name, no: null, label, says: JSON.stringify(rules) }];
}
