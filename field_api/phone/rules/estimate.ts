// When the team will be at each stop: the planned times, shifted by how the day really goes. Pure: values in, values out.
// All times are seconds after local midnight. geo/plans.py plans by the same windows, geo/crow.py guesses by the same speed.
import type { Task } from "../types";
import { distanceM, type Place } from "./fence";

/** What is known of one stop: the plan, and what has happened there. */
export interface StopFacts {
  id: string;
  place: Place | null;
  /** Planned begin and end of the visit, and travel from the stop before; null where the plan says nothing. */
  arrive: number | null;
  depart: number | null;
  leg: number | null;
  arrivedAt: number | null;
  leftAt: number | null;
}

/** A tour's day: when the team leaves, when visits may be, and the stops in planned order. */
export interface DayFacts {
  leave: number | null;
  windows: readonly (readonly [number, number])[];
  stops: readonly StopFacts[];
}

export interface Estimate {
  /** When the team will be there, and when the visit can begin. */
  arrive: number;
  begin: number;
  /** Begin against the plan: positive is later. */
  shift: number;
  /** The way there is not the planned one, so its time is a guess. */
  rough: boolean;
  /** No window of the day is left for the whole visit. */
  tooLate: boolean;
}

const SERVICE_S = 40 * 60;
/** geo/crow.py: great circle × 1.5 at 40 km/h. */
const GUESS_S_PER_M = (1.5 * 3.6) / 40;
const FIRST_S = 8 * 3600;
const DAY_S = 24 * 3600;

interface At {
  index: number;
  free: number;
}

/** Estimates by stop id, for stops that nobody has arrived at yet; `now` is null on days that are not today. */
export function estimates(day: DayFacts, now: number | null): Map<string, Estimate> {
  const found = new Map<string, Estimate>();
  let at = startOf(day, now);
  day.stops.forEach((stop, index) => {
    if (stop.arrivedAt !== null || stop.leftAt !== null || stop.arrive === null) return;
    const way = travel(day.stops, at.index, index);
    const arrive = Math.max(at.free + way.seconds, now ?? 0);
    const begin = beginOf(day.windows, arrive, serviceOf(stop));
    const starts = begin ?? arrive;
    found.set(stop.id, {
      arrive,
      begin: starts,
      shift: starts - stop.arrive,
      rough: way.rough,
      tooLate: begin === null,
    });
    at = { index, free: starts + serviceOf(stop) };
  });
  return found;
}

/** Where the team is and when it can set out: at the stop it is at or left last, else at the depot (index -1). */
function startOf({ stops, leave }: DayFacts, now: number | null): At {
  const latest = stops.reduce((best, stop, index) => (lastSeen(stop) > lastSeen(stops[best]) ? index : best), -1);
  const stop = stops[latest];
  if (!stop || lastSeen(stop) < 0) return { index: -1, free: Math.max(leave ?? plannedLeave(stops), now ?? 0) };
  if (stop.leftAt !== null) return { index: latest, free: stop.leftAt };
  return { index: latest, free: Math.max((stop.arrivedAt ?? 0) + serviceOf(stop), now ?? 0) };
}

function lastSeen(stop: StopFacts | undefined): number {
  return Math.max(stop?.leftAt ?? -1, stop?.arrivedAt ?? -1);
}

/** Tours of before do not say when they leave: early enough for the first stop, had it no waiting. */
function plannedLeave(stops: readonly StopFacts[]): number {
  const first = stops[0];
  return first?.arrive == null ? FIRST_S : first.arrive - (first.leg ?? 0);
}

/** Travel from one stop (or the depot, -1) to another: the planned leg where they follow each other, else a guess. */
function travel(stops: readonly StopFacts[], from: number, to: number): { seconds: number; rough: boolean } {
  const [a, b] = [stops[from], stops[to]];
  if (b && from === to - 1) return { seconds: legOf(a, b), rough: b.leg === null };
  if (a?.place && b?.place) return { seconds: Math.round(distanceM(a.place, b.place) * GUESS_S_PER_M), rough: true };
  const between = stops.slice(Math.max(from, -1) + 1, to + 1);
  return { seconds: between.reduce((sum, stop, i) => sum + legOf(stops[from + i], stop), 0), rough: true };
}

/** A planned leg; tours of before only tell that it fits between two visits. */
function legOf(before: StopFacts | undefined, stop: StopFacts): number {
  if (stop.leg !== null) return stop.leg;
  return Math.max(0, (stop.arrive ?? 0) - (before?.depart ?? stop.arrive ?? 0));
}

function serviceOf({ arrive, depart }: StopFacts): number {
  return arrive !== null && depart !== null ? depart - arrive : SERVICE_S;
}

/** The earliest begin of a visit that lies wholly in one window, or null: `Workday.start_of` in geo/plans.py. */
export function beginOf(windows: DayFacts["windows"], arrive: number, service: number): number | null {
  for (const [first, last] of windows) {
    const begin = Math.max(arrive, first);
    if (begin + service <= last) return begin;
  }
  return windows.length ? null : arrive;
}

/** What the phone knows of a task's visit by its own clock, as ISO times. */
export interface Seen {
  arrivedAt: string | null;
  leftAt: string | null;
}

/** The facts of a day's stops from its tasks, in tour order; what happened on other days is not this day's. */
export function dayFacts(tasks: readonly Task[], seen: ReadonlyMap<string, Seen>): DayFacts {
  const stops = tasks.filter((task) => task.tour && task.state !== "cancelled");
  const ordered = [...stops].sort((a, b) => (a.tour?.seq ?? 0) - (b.tour?.seq ?? 0));
  const tour = ordered[0]?.tour;
  return {
    leave: tour?.leave ?? null,
    windows: tour?.windows ?? [],
    stops: ordered.map((task) => stopFacts(task, seen.get(task.id))),
  };
}

function stopFacts({ id, entity, tour, state, submission }: Task, seen: Seen | undefined): StopFacts {
  const { lon, lat } = entity;
  // A colleague's phone checked in: nobody told when, so the plan's time stands for it.
  const there = state === "on_site" ? (tour?.arrive ?? null) : null;
  const left = seen?.leftAt ?? submission?.finished_at ?? null;
  return {
    id,
    place: lon === null || lat === null ? null : { lon, lat },
    arrive: tour?.arrive ?? null,
    depart: tour?.depart ?? null,
    leg: tour?.leg ?? null,
    arrivedAt: onDay(seen?.arrivedAt ?? null, tour?.date) ?? there,
    leftAt: onDay(left, tour?.date),
  };
}

function onDay(iso: string | null, date: string | undefined): number | null {
  return iso && date ? secondsOf(date, Date.parse(iso)) : null;
}

/** A moment (ms) as seconds after midnight of a date in China; negative or beyond a day when it lies on another. */
export function secondsOf(date: string, moment: number): number {
  return Math.round((moment - Date.parse(`${date}T00:00:00+08:00`)) / 1000);
}

/** The same when the moment lies on that date, else null. */
export function nowOn(date: string, moment: number): number | null {
  const seconds = secondsOf(date, moment);
  return seconds >= 0 && seconds < DAY_S ? seconds : null;
}
