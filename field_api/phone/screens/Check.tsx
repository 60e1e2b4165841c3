// Step 3: the checklist, one section at a time.
import { useState } from "preact/hooks";
import { holds, type Page, pagesOf, progressOf } from "../rules/pages";
import { answerRest } from "../store/visits";
import { said, t } from "../words";
import { Entries } from "./Questions";
import { Revised } from "./Revised";
import { Dock, type Hand } from "./Visit";

export function Check(hand: Hand) {
  const { visit, checklist, form, go } = hand;
  const pages = pagesOf(checklist, form);
  const [code, setCode] = useState(() => start(pages, hand)?.code);
  const at = Math.max(0, pages.findIndex((page) => page.code === code)); // biome-ignore format: one thought
  const page = pages[at];
  if (!page) return null;
  const turn = (to: number) => {
    setCode(pages[to]?.code);
    scrollTo(0, 0);
  };
  const next = { label: t("check.next_section"), go: () => turn(at + 1) };
  const last = { label: t("check.to_finding"), go: () => go(3) };
  return (
    <>
      <Sections pages={pages} at={at} turn={turn} visit={visit} />
      <main class="screen">
        <Revised {...hand} />
        <h2 class="group">{page.title ? `${page.code} ${said(page.title)}` : t("check.further")}</h2>
        <Entries key={visit.formDrawn ?? 0} entries={page.entries} hand={hand} />
        <Rest page={page} hand={hand} />
        <p class="muted small">{t("check.photo_keep")}</p>
      </main>
      <Dock back={() => (at === 0 ? go(1) : turn(at - 1))} next={at >= pages.length - 1 ? last : next} />
    </>
  );
}

/** One touch for all items of a section that are left, once some are answered. */
function Rest({ page, hand: { visit } }: { page: Page; hand: Hand }) {
  const items = page.entries.flatMap(({ item }) => (item ? [item.no] : []));
  const open = items.filter((no) => !visit.answers[no]?.value);
  if (open.length < 2 || open.length === items.length) return null;
  return (
    <button type="button" class="button button-quiet button-wide" onClick={() => void answerRest(visit.id, open)}>
      {t("check.rest_yes")}
    </button>
  );
}

/** Where to begin: at what was asked for, else at the first section that is not finished. */
function start(pages: readonly Page[], { focus, visit }: Hand): Page | undefined {
  const wanted = (page: Page) => (focus === null ? isOpen(page, visit) : holds(page, focus));
  return pages.find(wanted) ?? pages[0];
}

function isOpen(page: Page, visit: Hand["visit"]): boolean {
  const { done, all } = progressIn(page, visit);
  return done < all;
}

function progressIn(page: Page, { answers }: Hand["visit"]): { done: number; all: number } {
  return progressOf(page, (no) => Boolean(answers[no]?.value));
}

interface SectionsProps {
  pages: readonly Page[];
  at: number;
  turn: (at: number) => void;
  visit: Hand["visit"];
}

/** The sections with how far each is, as tabs to jump to. */
function Sections({ pages, at, turn, visit }: SectionsProps) {
  return (
    <nav class="chips" aria-label={t("visit.sections")}>
      {pages.map((page, index) => {
        const { done, all } = progressIn(page, visit);
        return (
          <button
            key={page.code}
            type="button"
            class={`chip ${done === all ? "is-done" : ""}`}
            aria-pressed={index === at}
            onClick={() => turn(index)}
          >
            <b>{page.code}</b>
            <span class="hidden-visually">{page.title ? said(page.title) : t("check.further")}</span>
            {all ? (
              <span class="num">
                {done}/{all}
              </span>
            ) : null}
          </button>
        );
      })}
    </nav>
  );
}
