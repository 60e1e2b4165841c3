// How a checklist lies on the screen: pages to turn, each with items and questions, and how far each has come.
import type { Model, Shown } from "../form";
import type { CheckItem, Checklist, Words } from "../types";
import { questionsIn } from "./questions";

/** An item of the checklist; a further question, group or repeat; or both, where the item stands in a form. */
export interface Entry {
  key: string;
  item: CheckItem | null;
  shown: Shown | null;
}

export interface Page {
  code: string;
  /** Null for questions that stand in no section. */
  title: Words | null;
  entries: Entry[];
}

/** Questions in no section stand together on a page of this code. */
export const LOOSE = "…";

/** The pages in the form's order: one for each top-level group with anything in it now. */
export function pagesOf(checklist: Checklist, form: Model | null): Page[] {
  if (!form) return checklist.sections.map((section) => ({ ...section, entries: itemsOf(checklist, section.code) }));
  const pages: Page[] = [];
  for (const shown of form.visible()) {
    if (shown.node.kind === "group") pages.push(pageOf(checklist, form, shown));
    else looseIn(pages).entries.push(entryOf(checklist, shown));
  }
  return pages.filter((page) => page.entries.length > 0);
}

function itemsOf({ items }: Checklist, section: string): Entry[] {
  return items.filter((item) => item.section === section).map((item) => ({ key: `${item.no}`, item, shown: null }));
}

function pageOf(checklist: Checklist, form: Model, group: Shown): Page {
  const { name, label } = group.node;
  const title = { zh: form.say(label, "zh"), en: form.say(label, "en") };
  return { code: name, title, entries: group.children.map((shown) => entryOf(checklist, shown)) };
}

function looseIn(pages: Page[]): Page {
  const known = pages.find((page) => page.title === null);
  if (known) return known;
  const page: Page = { code: LOOSE, title: null, entries: [] };
  pages.push(page);
  return page;
}

export function entryOf({ items }: Checklist, shown: Shown): Entry {
  const no = shown.node.item?.no;
  return { key: shown.path, item: items.find((item) => item.no === no) ?? null, shown };
}

/** Does a page hold what was asked for: an item by number, or a question by its path? */
export function holds(page: Page, focus: number | string): boolean {
  return leaves(page).some(({ item, shown }) => item?.no === focus || shown?.path === focus);
}

/** Items and questions of a page, out of groups and repeats. */
export function leaves({ entries }: Page): Entry[] {
  return entries.flatMap(({ shown, ...entry }) =>
    shown && !entry.item ? questionsIn([shown]).map((one) => ({ ...entry, shown: one })) : [{ ...entry, shown }],
  );
}

/** What must be answered on a page, and how much of it is: items, and questions that are required or wrong. */
export function progressOf(page: Page, answered: (no: number) => boolean): { done: number; all: number } {
  const counted = leaves(page).flatMap(({ item, shown }) => {
    if (item) return [answered(item.no)];
    const must = shown && (shown.required || shown.faults.length > 0);
    return must ? [shown.faults.length === 0 && shown.value !== null] : [];
  });
  return { done: counted.filter(Boolean).length, all: counted.length };
}
