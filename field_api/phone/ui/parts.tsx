// Small parts that all screens are made of.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { ProblemBody } from "../types";
import { isKey, language, t } from "../words";
import { type IconName, shapes } from "./icons";

export function Icon({ name }: { name: IconName }) {
  return <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" dangerouslySetInnerHTML={{ __html: shapes(name) }} />;
}

interface BarProps {
  title: string;
  sub?: string;
  back?: string;
  children?: ComponentChildren;
}

/** The bar at the top of each screen: way back, where one is, what is unsent. */
export function Bar({ title, sub, back, children }: BarProps) {
  return (
    <header class="bar">
      {back === undefined ? (
        <span class="brand-mark" aria-hidden="true" />
      ) : (
        <a class="bar-back" href={back} aria-label={t("back")}>
          <Icon name="arrowLeft" />
        </a>
      )}
      <div class="bar-title">
        <h1>{title}</h1>
        {sub ? <p>{sub}</p> : null}
      </div>
      {children}
    </header>
  );
}

/** A state in words: of a task, or of what waits on this phone. */
export function State({ state }: { state: string }) {
  const key = `state.${state}`;
  return (
    <span class="badge" data-state={state}>
      {isKey(key) ? t(key) : state}
    </span>
  );
}

type Tone = "info" | "warn" | "error" | "ok";

export function Notice({
  tone = "info",
  title,
  children,
}: {
  tone?: Tone;
  title: string;
  children?: ComponentChildren;
}) {
  return (
    <div class={`notice notice-${tone}`} role={tone === "error" ? "alert" : "status"}>
      <strong>{title}</strong>
      {children}
    </div>
  );
}

/** A server's problem in the person's language. */
export function Problem({ problem, children }: { problem: ProblemBody; children?: ComponentChildren }) {
  const { title, detail } = problem[language()] ?? problem;
  return (
    <Notice tone="error" title={title}>
      <p>{detail}</p>
      {children}
    </Notice>
  );
}

interface TextProps {
  id: string;
  label: string;
  hint?: string;
  value: string;
  long?: boolean;
  save: (value: string) => void;
}

/** A text that is kept at every touch. What is typed stays in the field, however slow the keeping is. */
export function Text({ id, label, hint, value, long, save }: TextProps) {
  const [text, setText] = useState(value);
  const shared = {
    id,
    value: text,
    autocomplete: "off",
    onInput: (event: { currentTarget: { value: string } }) => {
      setText(event.currentTarget.value);
      save(event.currentTarget.value);
    },
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint ? <p class="field-hint">{hint}</p> : null}
      {long ? <textarea {...shared} rows={3} maxLength={1000} /> : <input {...shared} maxLength={200} />}
    </div>
  );
}

/** A box to tick, large enough for a thumb. */
export function Tick({ id, label, on, set }: { id?: string; label: string; on: boolean; set: (on: boolean) => void }) {
  return (
    <label class="choice tick">
      <input id={id} type="checkbox" checked={on} onChange={(event) => set(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}
