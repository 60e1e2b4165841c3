// Checklist forms on the phone: the same rules as the server's, so that what the phone lets pass the server takes.
export { ANSWERED } from "./answers";
export { evaluate } from "./evaluate";
export { type Circumstances, Filled } from "./model";
export { itemName, Model, open, type Progress } from "./open";
export type { Answer, Answers, Choice, Fault, Form, Kind, Node, Shown, Tree } from "./types";
