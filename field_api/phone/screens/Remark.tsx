// What the reviewer said of an item when the record was returned, shown where it is corrected.
import type { Visit } from "../store/db";
import { Notice } from "../ui/parts";
import { t } from "../words";

export function Remark({ visit, item }: { visit: Visit; item: number }) {
  const remark = visit.remarks?.[item];
  if (!remark) return null;
  return (
    <Notice tone="error" title={t("returned.remark")}>
      <p>{remark}</p>
    </Notice>
  );
}
