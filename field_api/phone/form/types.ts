// What a compiled checklist form looks like ("fieldlot-form/1", docs/checklists.md), and what answers to it are.
import type { PhotoRule, Words } from "../types";

/** A text, a number, or a list: ["$", name], ["."], ["col", name], [operator, left, right], [function, ...trees]. */
export type Tree = string | number | readonly [string, ...Tree[]];

export type Kind =
  | "group"
  | "repeat"
  | "calculate"
  | "note"
  | "text"
  | "integer"
  | "decimal"
  | "date"
  | "select_one"
  | "select_multiple"
  | "image"
  | "signature"
  | "geopoint";

export interface Node {
  name: string;
  kind: Kind;
  label: Partial<Words>;
  hint?: Words;
  relevant?: Tree;
  required?: Tree;
  required_message?: Words;
  constraint?: Tree;
  constraint_message?: Words;
  calculate?: Tree;
  filter?: Tree;
  list?: string;
  appearance?: string;
  item?: { no: number; key: boolean; photo: PhotoRule; prompt: Words | null };
  children?: Node[];
}

/** A choice with its further columns, for filters. */
export interface Choice {
  name: string;
  label: Words;
  [column: string]: string | Words;
}

export interface Form {
  format: "fieldlot-form/1";
  nodes: Node[];
  choices: Record<string, Choice[]>;
  /** Names in the order in which relevance and values are settled. */
  order: string[];
}

export type Answer = string | number | string[] | null;
/** Answers by name; a repeat is a list of such. */
export interface Answers {
  [name: string]: Answer | Answers[] | undefined;
}

export type FaultCode = "required" | "constraint" | "type" | "choice" | "too_long" | "unknown";

/** `path` is a name, or `repeat/0/name`; `message` are the workbook's own words. */
export interface Fault {
  path: string;
  code: FaultCode;
  message: Words | null;
}

/** A node that is relevant now; a repeat has one child for each instance, whose path is `repeat/0`. */
export interface Shown {
  path: string;
  node: Node;
  value: Answer;
  required: boolean;
  choices: Choice[];
  faults: Fault[];
  children: Shown[];
}
