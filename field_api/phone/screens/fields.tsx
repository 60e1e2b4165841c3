// The fields of questions, one for each kind; every touch is kept at once, fitting or not.
import type { ComponentType } from "preact";
import { useState } from "preact/hooks";
import type { Answer, Kind, Shown } from "../form";
import { recentFix } from "../net/position";
import { typedNumber } from "../rules/questions";
import { answerQuestion } from "../store/questions";
import { Icon, Tick } from "../ui/parts";
import { said, t } from "../words";
import { PictureField, SignatureField } from "./pictures";
import { choiceWords, placeWords } from "./speak";
import type { Hand } from "./Visit";

export interface FieldProps {
  id: string;
  shown: Shown;
  /** The answer as it was given, which `shown.value` tells only when it fits. */
  given: unknown;
  hand: Hand;
  /** Is something wrong with it, told below? */
  told: boolean;
}

/** Beyond so many choices a list to open is easier than all of them on the screen. */
const MOST_SHOWN = 8;

/** Is the field made of several parts, so that a name stands over all of them? */
export function isGrouped({ node, choices }: Shown): boolean {
  if (node.kind === "select_one") return !isFolded(node.appearance, choices.length);
  return node.kind !== "text" && node.kind !== "integer" && node.kind !== "decimal" && node.kind !== "date";
}

function isFolded(appearance: string | undefined, choices: number): boolean {
  return appearance === "minimal" || choices > MOST_SHOWN;
}

export const FIELDS: Partial<Record<Kind, ComponentType<FieldProps>>> = {
  text: TextField,
  integer: NumberField,
  decimal: NumberField,
  date: DateField,
  select_one: OneField,
  select_multiple: SeveralField,
  image: PictureField,
  signature: SignatureField,
  geopoint: PlaceField,
};

const save = ({ shown, hand }: FieldProps, value: Answer) => void answerQuestion(hand.visit.id, shown.path, value);
const described = ({ id, told }: FieldProps) => ({ id, "aria-describedby": `${id}-told`, "aria-invalid": told });

/** What is typed stays in the field, however slow the keeping is. */
function useTyped(field: FieldProps, read: (text: string) => Answer) {
  const { given } = field;
  const [text, setText] = useState(given === undefined || given === null ? "" : String(given));
  const typed = (event: { currentTarget: { value: string } }) => {
    setText(event.currentTarget.value);
    save(field, read(event.currentTarget.value));
  };
  return { ...described(field), value: text, autocomplete: "off", onInput: typed };
}

const asText = (text: string): Answer => text || null;

function TextField(field: FieldProps) {
  const typed = useTyped(field, asText);
  const { appearance } = field.shown.node;
  return appearance === "multiline" ? (
    <textarea {...typed} rows={3} maxLength={2000} />
  ) : (
    <input {...typed} maxLength={2000} />
  );
}

/** A text field with the phone's number keys: browsers hide from us what they take for no number. */
function NumberField(field: FieldProps) {
  const typed = useTyped(field, typedNumber);
  return <input {...typed} inputMode={field.shown.node.kind === "integer" ? "numeric" : "decimal"} maxLength={20} />;
}

function DateField(field: FieldProps) {
  const typed = useTyped(field, asText);
  return <input {...typed} type="date" min="1000-01-01" max="9999-12-31" />;
}

/** Large targets for a few choices, a list to open for many; what is not required can be taken back. */
function OneField(field: FieldProps) {
  const { id, shown, given } = field;
  const { choices, required } = shown;
  if (isFolded(shown.node.appearance, choices.length)) return <FoldedField {...field} />;
  return (
    <div class="choices">
      {choices.map(({ name, label }) => (
        <label key={name} class="choice tick">
          <input type="radio" name={id} checked={given === name} onChange={() => save(field, name)} />
          <span>{said(label)}</span>
        </label>
      ))}
      {typeof given === "string" && (!required || !choices.some(({ name }) => name === given)) ? (
        <button type="button" class="button button-quiet" onClick={() => save(field, null)}>
          {t("question.clear")}
        </button>
      ) : null}
    </div>
  );
}

function FoldedField(field: FieldProps) {
  const { shown, given, hand } = field;
  const chosen = typeof given === "string" ? given : "";
  const closed = chosen !== "" && !shown.choices.some(({ name }) => name === chosen);
  return (
    <select {...described(field)} value={chosen} onChange={(event) => save(field, event.currentTarget.value || null)}>
      <option value="">{t("question.choose")}</option>
      {closed ? (
        <option value={chosen}>{choiceWords(hand.form?.choicesOf(shown.node.list ?? "") ?? [], chosen)}</option>
      ) : null}
      {shown.choices.map(({ name, label }) => (
        <option key={name} value={name}>
          {said(label)}
        </option>
      ))}
    </select>
  );
}

/** Chosen ones in the order of the list; what the filter has closed since goes with the next touch. */
function SeveralField(field: FieldProps) {
  const { shown, given } = field;
  const chosen = Array.isArray(given) ? given : [];
  const set = (name: string, on: boolean) => {
    const now = shown.choices.map((choice) => choice.name).filter((one) => (one === name ? on : chosen.includes(one)));
    save(field, now.length ? now : null);
  };
  return (
    <div class="choices">
      {shown.choices.map(({ name, label }) => (
        <Tick key={name} label={said(label)} on={chosen.includes(name)} set={(on) => set(name, on)} />
      ))}
    </div>
  );
}

/** Where the phone is now: latitude, longitude, no altitude, accuracy in metres. */
function PlaceField(field: FieldProps) {
  const { hand, given } = field;
  const [missed, setMissed] = useState(false);
  const take = () => {
    const fix = recentFix() ?? (hand.position.state === "fix" ? hand.position.fix : null);
    setMissed(!fix);
    if (fix) save(field, `${fix.lat.toFixed(6)} ${fix.lon.toFixed(6)} 0 ${fix.accuracy.toFixed(1)}`);
  };
  return (
    <>
      {typeof given === "string" ? (
        <p class="question-place num">
          <Icon name="mapPin" />
          {placeWords(given)}
        </p>
      ) : null}
      {missed ? <p class="field-error">{t("camera.no_fix")}</p> : null}
      <div class="question-acts">
        <button type="button" class="button" onClick={take}>
          <Icon name="mapPin" />
          {t(given ? "question.place_again" : "question.place")}
        </button>
        {given ? (
          <button type="button" class="button button-quiet" onClick={() => save(field, null)}>
            {t("question.clear")}
          </button>
        ) : null}
      </div>
    </>
  );
}
