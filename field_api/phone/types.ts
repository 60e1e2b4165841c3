// What the field API says and asks, as TypeScript sees it. Times are ISO 8601 with offset, places WGS 84 degrees.

import type { Form } from "./form/types";

export type Language = "zh" | "en";
export type Words = Record<Language, string>;
export type Value = "yes" | "no" | "na";
export type PhotoRule = "ALWAYS" | "ON_FAIL" | "NEVER";
export type TaskState =
  | "assigned"
  | "on_site"
  | "submitted"
  | "under_review"
  | "returned"
  | "approved"
  | "published"
  | "cancelled";

export interface Person {
  id: string;
  name: string;
  unit: string | { name: string };
  card_no?: string | null;
}

export interface Officer {
  inspector_id: string;
  name: string;
  card_no: string | null;
  leader: boolean;
  me: boolean;
}

/** A visit to one entity; `arrive` and `depart` are seconds after local midnight. */
export interface Task {
  id: string;
  state: TaskState;
  source: string;
  due: string;
  opens_at: string;
  entity: {
    id: string;
    name: string;
    uscc: string | null;
    address: string;
    lon: number | null;
    lat: number | null;
    phone: string | null;
    district: string;
  };
  item: { code: string; name: string };
  checklist: { id: string; code: string; version: string };
  tour: {
    id: string;
    label: string;
    date: string;
    seq: number | null;
    arrive: number | null;
    depart: number | null;
    /** Travel from the stop before; when the team leaves the depot; when visits may be. Missing in tasks kept before. */
    leg?: number | null;
    leave?: number | null;
    windows?: [number, number][];
    quality: string;
  } | null;
  team: Officer[];
  last_problems: { item: number; text: string }[];
  /** The reviewer's words, of the whole record and by item, and which version they are about. */
  returned: {
    remark: string;
    at: string;
    items?: { item: number; remark: string }[];
    submission?: string;
  } | null;
  submission: { id: string; state: string; finished_at?: string } | null;
}

export interface CheckItem {
  no: number;
  /** Of its question in the form; missing in checklists kept before there were forms. */
  name?: string;
  section: string;
  key: boolean;
  text: Words;
  method: Words | null;
  photo: PhotoRule;
  prompt: Words | null;
}

export interface Checklist {
  id: string;
  code: string;
  version: string;
  title: Words;
  sections: { code: string; title: Words }[];
  items: CheckItem[];
  answers: Value[];
  conclusion: { general_max_for_basic: number; key_max_for_basic: number };
  /** All questions with their rules, the items among them (docs/checklists.md). */
  form?: Form;
}

export interface Receipt {
  submission: string;
  task: string;
  manifest_sha256: string;
  received_at: string;
  key: string;
  signature: string;
}

export interface CheckInAnswer {
  distance_m: number | null;
  inside: boolean;
  state: TaskState;
}

export interface SubmissionView {
  id: string;
  state: string;
  receipt: Receipt;
  review: { decision: string; remark: string; at: string } | null;
}

/** RFC 9457, with its words in both languages and further members. */
export interface ProblemBody {
  code: string;
  status: number;
  title: string;
  detail: string;
  zh: { title: string; detail: string };
  en: { title: string; detail: string };
  missing?: string[];
  faults?: { item: number | null; code: string; path?: string }[];
  /** The version by which a visit is judged. */
  checklist_id?: string;
  retry_after?: number;
}
