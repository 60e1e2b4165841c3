// One item of the checklist: its words, the answer, a remark, photos.
import { useEffect, useRef } from "preact/hooks";
import { wantsPhoto } from "../rules/judge";
import { answer } from "../store/visits";
import type { CheckItem, Value } from "../types";
import { Text } from "../ui/parts";
import { said, t } from "../words";
import { Photos } from "./Photos";
import { Remark } from "./Remark";
import type { Hand } from "./Visit";

const VALUES: readonly Value[] = ["yes", "no", "na"];

export function ItemCard({ item, hand }: { item: CheckItem; hand: Hand }) {
  const { visit, photos } = hand;
  const given = visit.answers[item.no];
  const own = photos.filter((photo) => photo.item === item.no);
  const wants = wantsPhoto(item.photo, given?.value);
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    if (hand.focus === item.no) place.current?.scrollIntoView({ block: "center" });
  }, [hand.focus, item.no]);
  return (
    <article ref={place} class="card item" data-value={given?.value ?? ""}>
      <h3>
        <span class="item-no num">
          {item.key ? <abbr title={t("check.key")}>★</abbr> : null}
          {item.no}
        </span>
        <span>{said(item.text)}</span>
      </h3>
      <Remark visit={visit} item={item.no} />
      {item.method ? <p class="muted small">{said(item.method)}</p> : null}
      <Choice item={item} value={given?.value ?? null} choose={(value) => void answer(visit.id, item.no, { value })} />
      {given?.value === "no" || given?.remark ? (
        <Text
          key={visit.taken?.[item.no] ?? 0}
          id={`remark-${item.no}`}
          label={t("check.remark")}
          hint={t("check.remark_hint")}
          long
          value={given.remark}
          save={(remark) => void answer(visit.id, item.no, { remark })}
        />
      ) : null}
      {item.photo === "NEVER" ? (
        <p class="muted small">{t("check.photo_never")}</p>
      ) : (
        <Photos visit={visit} item={item.no} photos={own} hint={photoHint(item, wants)} needed={wants} />
      )}
    </article>
  );
}

function photoHint(item: CheckItem, wants: boolean): string {
  const what = said(item.prompt) || t("check.photo_item");
  if (wants || item.photo === "ALWAYS") return t("check.photo_needed", { what });
  return item.photo === "ON_FAIL" ? t("check.photo_on_fail", { what }) : t("check.photo_may", { what });
}

interface ChoiceProps {
  item: CheckItem;
  value: Value | null;
  choose: (value: Value) => void;
}

/** 是, 否, 不适用: three large targets. */
function Choice({ item, value, choose }: ChoiceProps) {
  return (
    <fieldset class="triple">
      <legend class="hidden-visually">{said(item.text)}</legend>
      {VALUES.map((one) => (
        <label key={one} data-value={one}>
          <input type="radio" name={`item-${item.no}`} checked={value === one} onChange={() => choose(one)} />
          <span>{t(`value.${one}`)}</span>
        </label>
      ))}
    </fieldset>
  );
}
