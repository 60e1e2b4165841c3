// Fields for a PIN: digits only, never shown, never offered to the browser's store of passwords.
import { pinFault } from "../rules/pin";
import { t } from "../words";

interface Props {
  id: string;
  label: string;
  value: string;
  hint?: string;
  error?: string | null;
  set: (pin: string) => void;
}

/** Not of type password: browsers would offer to keep it. */
export function PinField({ id, label, hint, value, error, set }: Props) {
  const said = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint ? (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
      <input
        id={id}
        class="pin num"
        type="text"
        inputMode="numeric"
        autocomplete="off"
        spellcheck={false}
        required
        maxLength={12}
        value={value}
        aria-invalid={error ? "true" : undefined}
        aria-describedby={said || undefined}
        onInput={(event) => set(event.currentTarget.value.replace(/[^0-9]/g, ""))}
      />
      {error ? (
        <p class="field-error" id={`${id}-error`} role="alert">
          {error}
        </p>
      ) : null}
    </div>
  );
}

export interface Chosen {
  pin: string;
  again: string;
}

export const NO_PIN: Chosen = { pin: "", again: "" };

/** May this PIN be taken? */
export function isChosen({ pin, again }: Chosen): boolean {
  return pinFault(pin, again) === null;
}

/** A new PIN, twice; what is wrong with it is said as soon as it was typed. */
export function NewPin({ chosen, set }: { chosen: Chosen; set: (chosen: Chosen) => void }) {
  const { pin, again } = chosen;
  const fault = pinFault(pin, again);
  const early = pin.length < 6 || fault === "differs";
  const differs = fault === "differs" && again.length >= pin.length;
  return (
    <>
      <PinField
        id="pin"
        label={t("pin.new")}
        hint={t("pin.hint")}
        value={pin}
        error={early || !fault ? null : t(`pin.fault_${fault}`)}
        set={(typed) => set({ pin: typed, again })}
      />
      <PinField
        id="pin-again"
        label={t("pin.again")}
        value={again}
        error={differs ? t("pin.fault_differs") : null}
        set={(typed) => set({ pin, again: typed })}
      />
    </>
  );
}
