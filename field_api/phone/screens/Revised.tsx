// Another version of the checklist judges this visit: the way to it, and afterwards what has changed.
import type { Hand } from "./Visit";

export function Revised(_: Hand) {
  return null;
}
