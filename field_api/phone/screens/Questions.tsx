// What a checklist asks, as cards: items, further questions, groups of them, and rows that are added as needed.
import { useEffect, useRef } from "preact/hooks";
import type { Shown } from "../form";
import { type Entry, entryOf } from "../rules/pages";
import { rawAt } from "../rules/questions";
import { addInstance, removeInstance } from "../store/questions";
import { Icon } from "../ui/parts";
import { t } from "../words";
import { tellWhy } from "./faults";
import { FIELDS, isGrouped } from "./fields";
import { ItemCard } from "./ItemCard";
import { wordsOf } from "./speak";
import type { Hand } from "./Visit";

/** Questions that follow each other share a card; items, groups and rows stand by themselves. */
export function Entries({ entries, hand }: { entries: readonly Entry[]; hand: Hand }) {
  return (
    <>
      {runs(entries).map((run) => {
        const [first] = run;
        return first && isPlain(first) ? (
          <section key={first.key} class="card questions">
            {run.map(({ key, shown }) => (shown ? <Question key={key} shown={shown} hand={hand} /> : null))}
          </section>
        ) : (
          first && <Apart key={first.key} entry={first} hand={hand} />
        );
      })}
    </>
  );
}

function isPlain({ item, shown }: Entry): boolean {
  return item === null && shown?.node.kind !== "group" && shown?.node.kind !== "repeat";
}

function runs(entries: readonly Entry[]): Entry[][] {
  const all: Entry[][] = [];
  for (const entry of entries) {
    const last = all.at(-1);
    if (last?.[0] && isPlain(last[0]) && isPlain(entry)) last.push(entry);
    else all.push([entry]);
  }
  return all;
}

function Apart({ entry: { item, shown }, hand }: { entry: Entry; hand: Hand }) {
  if (item) return shown ? <Judged shown={shown} item={item} hand={hand} /> : <ItemCard item={item} hand={hand} />;
  if (shown?.node.kind === "group") return <Group shown={shown} hand={hand} />;
  return shown ? <Repeat shown={shown} hand={hand} /> : null;
}

/** An item, with what the form has against its answer. */
function Judged({ shown, item, hand }: { shown: Shown; item: NonNullable<Entry["item"]>; hand: Hand }) {
  const told = shown.faults.filter(({ code }) => code === "constraint");
  return (
    <>
      <ItemCard item={item} hand={hand} />
      {told.map(({ code, message }) => (
        <p key={code} class="field-error" role="alert">
          {tellWhy(code, message)}
        </p>
      ))}
    </>
  );
}

function Group({ shown, hand }: { shown: Shown; hand: Hand }) {
  return (
    <section class="stack">
      <h3 class="group">{wordsOf(hand, shown).label}</h3>
      <Entries entries={shown.children.map((child) => entryOf(hand.checklist, child))} hand={hand} />
    </section>
  );
}

/** Rows of the same questions: as many as there are goods, samples, people. */
function Repeat({ shown, hand }: { shown: Shown; hand: Hand }) {
  const { visit } = hand;
  const { label, hint } = wordsOf(hand, shown);
  return (
    <section class="card repeat">
      <h3>{label}</h3>
      {hint ? <p class="muted small">{hint}</p> : null}
      {shown.children.map((row, at) => (
        <Row key={row.path} row={row} at={at} label={label} hand={hand} />
      ))}
      <button type="button" class="button button-wide" onClick={() => void addInstance(visit.id, shown.path)}>
        <Icon name="plus" />
        {t("question.add", { what: label })}
      </button>
    </section>
  );
}

function Row({ row, at, label, hand }: { row: Shown; at: number; label: string; hand: Hand }) {
  const title = `${label} ${at + 1}`;
  const remove = () => {
    const empty = row.children.every((shown) => rawAt(hand.visit.formAnswers, shown.path) === undefined);
    if (empty || confirm(t("question.remove_sure", { what: title })))
      void removeInstance(hand.visit.id, row.node.name, at);
  };
  return (
    <fieldset class="repeat-row">
      <legend>{title}</legend>
      <button type="button" class="repeat-remove" aria-label={t("question.remove", { what: title })} onClick={remove}>
        <Icon name="x" />
      </button>
      {row.children.map((shown) => (
        <InRow key={shown.path} shown={shown} hand={hand} />
      ))}
    </fieldset>
  );
}

/** Within a row groups are a heading and nothing more. */
function InRow({ shown, hand }: { shown: Shown; hand: Hand }) {
  if (shown.node.kind !== "group") return <Question shown={shown} hand={hand} />;
  return (
    <>
      <h4>{wordsOf(hand, shown).label}</h4>
      {shown.children.map((child) => (
        <InRow key={child.path} shown={child} hand={hand} />
      ))}
    </>
  );
}

/** A question with its words, its field, and what is wrong with its answer. */
function Question({ shown, hand }: { shown: Shown; hand: Hand }) {
  const { node, path } = shown;
  const place = useRef<HTMLDivElement>(null);
  const wanted = hand.focus === path;
  useEffect(() => {
    if (wanted) place.current?.scrollIntoView({ block: "center" });
  }, [wanted]);
  const { label, hint } = wordsOf(hand, shown);
  const id = `q-${path.replaceAll("/", "-")}`;
  const given = rawAt(hand.visit.formAnswers, path);
  if (node.kind === "note") return <Note id={id} label={label} hint={hint} />;
  const Field = FIELDS[node.kind];
  const grouped = isGrouped(shown);
  const told = toldNow(shown, given, wanted);
  return (
    <div
      ref={place}
      class="field question"
      data-path={path}
      aria-invalid={told.length > 0}
      {...(grouped ? { role: "group", "aria-labelledby": `${id}-label` } : {})}
    >
      {grouped ? (
        <p id={`${id}-label`} class="question-label">
          {label}
          <Must shown={shown} />
        </p>
      ) : (
        <label id={`${id}-label`} for={id}>
          {label}
          <Must shown={shown} />
        </label>
      )}
      {hint ? <p class="field-hint">{hint}</p> : null}
      {Field ? <Field id={id} shown={shown} given={given} hand={hand} told={told.length > 0} /> : null}
      <p id={`${id}-told`} class="field-error" role="status">
        {told.map(({ code, message }) => tellWhy(code, message)).join(" ")}
      </p>
    </div>
  );
}

/** An open question is told of only when somebody was sent to it; all else at once. */
function toldNow({ faults }: Shown, given: unknown, wanted: boolean): Shown["faults"] {
  return faults.filter(({ code }) => code !== "required" || wanted || (given !== undefined && given !== null));
}

function Must({ shown: { required, value } }: { shown: Shown }) {
  return required && value === null ? <span class="badge badge-warn">{t("question.must")}</span> : null;
}

function Note({ id, label, hint }: { id: string; label: string; hint: string }) {
  return (
    <div class="question-note" id={id}>
      <p>{label}</p>
      {hint ? <p class="muted small">{hint}</p> : null}
    </div>
  );
}
