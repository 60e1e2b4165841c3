// The second lot (DRAWS §3): rejection sampling per group, replacement by lot, the leader by hash.
import { byBytes, joined, Stream } from "./hashes";

export interface Inspector {
  id: string;
  group: string;
  quals: string[];
  recuse: string[];
}
export interface Tour {
  id: string;
  group: string;
  need: string[];
  stops: string[];
  avoid: [string, string][];
}
export type Teams = Record<string, string[]>;
type Tell = (share: number) => void;

const byId = (a: { id: string }, b: { id: string }): number => byBytes(a.id, b.id);

/** May this team take this tour: nobody recused, no avoided pair, every needed qualification held? */
export function admissible(tour: Tour, team: Inspector[]): boolean {
  const ids = new Set(team.map((member) => member.id));
  const held = new Set(team.flatMap((member) => member.quals));
  return (
    !team.some((member) => member.recuse.includes(tour.id)) &&
    !tour.avoid.some(([a, b]) => ids.has(a) && ids.has(b)) &&
    tour.need.every((qual) => held.has(qual))
  );
}

/** Every tour's team and every group's accepted attempt. Throws RangeError when a group finds none within the limit. */
export function match(
  seed: string,
  inspectors: Inspector[],
  tours: Tour[],
  size: number,
  limit: number,
  tell: Tell = () => {},
): { teams: Teams; tries: Record<string, number> } {
  const groups = [...new Set(tours.map((tour) => tour.group))].sort(byBytes);
  const teams: [string, string[]][] = [];
  const tries: [string, number][] = [];
  groups.forEach((group, at) => {
    tell(at / groups.length);
    const own = inspectors.filter((one) => one.group === group).sort(byId);
    const theirs = tours.filter((tour) => tour.group === group).sort(byId);
    const [given, k] = arrange(seed, group, own, theirs, size, limit);
    teams.push(...given);
    tries.push([group, k]);
  });
  return { teams: Object.fromEntries(teams), tries: Object.fromEntries(tries) };
}

function arrange(
  seed: string,
  group: string,
  inspectors: Inspector[],
  tours: Tour[],
  size: number,
  limit: number,
): [[string, string[]][], number] {
  if (inspectors.length < size * tours.length) throw new RangeError(`group ${group}: too few inspectors`);
  for (let k = 0; k < limit; k++) {
    const order = new Stream("hashdraw-1/match", seed, group, String(k)).shuffle(inspectors);
    const cut = tours.map((tour, at) => ({ tour, team: order.slice(at * size, (at + 1) * size) }));
    if (cut.every(({ tour, team }) => admissible(tour, team))) {
      return [cut.map(({ tour, team }) => [tour.id, team.map((one) => one.id).sort(byBytes)]), k];
    }
  }
  throw new RangeError(`group ${group}: no arrangement within ${limit} attempts`);
}

/** The group's resting inspectors, in id order, with whom the team stays admissible. */
export function replacements(
  tour: Tour,
  leaver: string,
  team: string[],
  inspectors: Inspector[],
  resting: Set<string>,
): string[] {
  const staying = inspectors.filter((one) => one.id !== leaver && team.includes(one.id));
  return inspectors
    .filter((one) => resting.has(one.id) && one.group === tour.group && admissible(tour, [...staying, one]))
    .map((one) => one.id)
    .sort(byBytes);
}

/** The one who takes the leaver's place, by lot. Throws RangeError when nobody rests. */
export function replace(seed: string, tour: string, leaver: string, candidates: string[]): string {
  const pick = candidates.length && new Stream("hashdraw-1/replace", seed, tour, leaver).below(candidates.length);
  const joiner = candidates[pick];
  if (joiner === undefined) throw new RangeError("nobody rests who could join");
  return joiner;
}

/** The first member by H("hashdraw-1/leader", seed, tour, id). */
export function leader(seed: string, tour: string, team: string[]): string {
  const [first] = team
    .map((id) => ({ id, hash: joined("hashdraw-1/leader", seed, tour, id) }))
    .sort((a, b) => (a.hash < b.hash ? -1 : 1));
  if (!first) throw new RangeError("an empty team has no leader");
  return first.id;
}
