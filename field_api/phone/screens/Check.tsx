// Step 3: the checklist, one section at a time.
import { useState } from "preact/hooks";
import { answerRest } from "../store/visits";
import type { CheckItem } from "../types";
import { said, t } from "../words";
import { ItemCard } from "./ItemCard";
import { Dock, type Hand } from "./Visit";

export function Check(hand: Hand) {
  const { visit, checklist, go } = hand;
  const [at, setAt] = useState(() => start(hand));
  const sections = checklist.sections;
  const section = sections[at] ?? sections[0];
  if (!section) return null;
  const items = itemsOf(hand, section.code);
  const open = items.filter((item) => !visit.answers[item.no]?.value).map((item) => item.no);
  const turn = (next: number) => {
    setAt(next);
    scrollTo(0, 0);
  };
  const last = at >= sections.length - 1;
  return (
    <>
      <Sections {...hand} at={at} turn={turn} />
      <main class="screen">
        <h2 class="group">
          {section.code} {said(section.title)}
        </h2>
        {items.map((item) => (
          <ItemCard key={item.no} item={item} hand={hand} />
        ))}
        {open.length > 1 && open.length < items.length ? (
          <button type="button" class="button button-quiet button-wide" onClick={() => void answerRest(visit.id, open)}>
            {t("check.rest_yes")}
          </button>
        ) : null}
        <p class="muted small">{t("check.photo_keep")}</p>
      </main>
      <Dock
        back={() => (at === 0 ? go(1) : turn(at - 1))}
        next={
          last
            ? { label: t("check.to_finding"), go: () => go(3) }
            : { label: t("check.next_section"), go: () => turn(at + 1) }
        }
      />
    </>
  );
}

function itemsOf({ checklist }: Hand, section: string): CheckItem[] {
  return checklist.items.filter((item) => item.section === section);
}

/** Where to begin: at the item asked for, else at the first section that is not finished. */
function start(hand: Hand): number {
  const { checklist, visit, focus } = hand;
  const wanted = (item: CheckItem) => (focus === null ? !visit.answers[item.no]?.value : item.no === focus);
  return Math.max(
    0,
    checklist.sections.findIndex(({ code }) => itemsOf(hand, code).some(wanted)),
  );
}

/** The sections with how far each is, as tabs to jump to. */
function Sections({ at, turn, ...hand }: Hand & { at: number; turn: (at: number) => void }) {
  const { checklist, visit } = hand;
  return (
    <nav class="chips" aria-label={t("visit.sections")}>
      {checklist.sections.map(({ code, title }, index) => {
        const items = itemsOf(hand, code);
        const done = items.filter(({ no }) => visit.answers[no]?.value).length;
        const state = done === items.length ? "is-done" : "";
        return (
          <button
            key={code}
            type="button"
            class={`chip ${state}`}
            aria-pressed={index === at}
            onClick={() => turn(index)}
          >
            <b>{code}</b>
            <span class="hidden-visually">{said(title)}</span>
            <span class="num">
              {done}/{items.length}
            </span>
          </button>
        );
      })}
    </nav>
  );
}
