// How tasks are laid out for the day, and how times read. Times of day are seconds after local midnight.
import type { Task } from "../types";

export interface Day {
  returned: Task[];
  open: Task[];
  later: Task[];
  done: Task[];
}

const DONE = new Set(["submitted", "under_review", "approved", "published"]);

/** Is the task out of the team's hands, as the server knows it? */
export function isDone(task: Task): boolean {
  return DONE.has(task.state);
}

/**
 * Tasks in groups, each in tour order. `sealed` are tasks whose record waits on this phone: they are done for the
 * team, whatever the server knows yet. `today` is a local date, YYYY-MM-DD.
 */
export function layOut(tasks: readonly Task[], sealed: ReadonlySet<string>, today: string): Day {
  const day: Day = { returned: [], open: [], later: [], done: [] };
  for (const task of [...tasks].sort(inTourOrder)) {
    if (task.state !== "cancelled") day[groupOf(task, sealed, today)].push(task);
  }
  return day;
}

function groupOf(task: Task, sealed: ReadonlySet<string>, today: string): keyof Day {
  if (sealed.has(task.id) || isDone(task)) return "done";
  if (task.state === "returned") return "returned";
  return task.tour && task.tour.date > today && task.state === "assigned" ? "later" : "open";
}

/** The order of the day: by the tour's date and stop, then by the time that is left. */
export function inTourOrder(a: Task, b: Task): number {
  const byDay = (a.tour?.date ?? "9").localeCompare(b.tour?.date ?? "9");
  return byDay || (a.tour?.seq ?? 999) - (b.tour?.seq ?? 999) || a.due.localeCompare(b.due);
}

/** The tours that tasks belong to, by date; those with something left to do come first. */
export function toursOf(tasks: readonly Task[]): NonNullable<Task["tour"]>[] {
  const open = new Set(tasks.flatMap((task) => (task.tour && !isDone(task) ? [task.tour.id] : [])));
  const tours = new Map(
    tasks.flatMap((task) => (task.tour && task.state !== "cancelled" ? [[task.tour.id, task.tour]] : [])),
  );
  const left = (id: string) => (open.has(id) ? 0 : 1);
  return [...tours.values()].sort((a, b) => left(a.id) - left(b.id) || a.date.localeCompare(b.date));
}

/** "09:05" for seconds after midnight. */
export function timeOfDay(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

/** A moment's local date, YYYY-MM-DD. */
export function localDate(moment: Date): string {
  return `${moment.getFullYear()}-${pad(moment.getMonth() + 1)}-${pad(moment.getDate())}`;
}

/** A moment as people read it: time alone today, otherwise with its date. */
export function readable(iso: string, now: Date): string {
  const moment = new Date(iso);
  const time = `${pad(moment.getHours())}:${pad(moment.getMinutes())}`;
  const day = localDate(moment);
  return day === localDate(now) ? time : `${day} ${time}`;
}

/** Day and time by the phone's zone, for what is read out or shown to others. */
export function dated(iso: string): string {
  const moment = new Date(iso);
  return `${localDate(moment)} ${pad(moment.getHours())}:${pad(moment.getMinutes())}`;
}

/** ISO 8601 with the phone's own offset, as the field API wants times. */
export function isoLocal(moment: Date): string {
  const minutes = -moment.getTimezoneOffset();
  const shifted = new Date(moment.getTime() + minutes * 60_000).toISOString().slice(0, -1);
  const away = Math.abs(minutes);
  return `${shifted}${minutes < 0 ? "-" : "+"}${pad(Math.floor(away / 60))}:${pad(away % 60)}`;
}

/** A distance as people read it: metres below a kilometre. */
export function readableDistance(metres: number): string {
  return metres < 1000 ? `${Math.round(metres)} m` : `${(metres / 1000).toFixed(1)} km`;
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}
