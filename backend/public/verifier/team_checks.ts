// The checks that only a lot of teams has: its staff, the teams, the replacements.
import type { Bundle, Story } from "./bundle";
import type { Check, Tell } from "./checks";
import { byBytes, digest, same } from "./hashes";
import { match, replace, replacements } from "./teams";

export function* teamChecks(bundle: Bundle, own: Story, tell: Tell): Generator<Check> {
  const facts = { inspectors: bundle.inspectors.length, tours: bundle.tours.length };
  const result = own.maybe("result");
  const joins = own.all("replace").length;
  yield { name: "staff", holds: () => staffHolds(bundle, own), facts };
  yield { name: "teams", holds: () => (result ? teamsHold(bundle, own, tell) : "none"), facts };
  yield { name: "joins", holds: () => (joins ? joinsHold(bundle, own) : "none"), facts: { n: joins } };
}

function staffHolds({ inspectors, tours }: Bundle, own: Story): boolean {
  const rising = (rows: { id: string }[]) =>
    rows.every(({ id }, at) => at === 0 || byBytes(rows[at - 1]?.id ?? id, id) < 0);
  return digest([inspectors, tours]) === own.one("commit").staff && rising(inspectors) && rising(tours);
}

function teamsHold({ inspectors, tours }: Bundle, own: Story, tell: Tell): boolean {
  const { size, limit } = own.one("commit").match;
  const { teams, tries } = own.one("result");
  const seed = own.one("seed").seed;
  return same(
    { teams, tries },
    match(seed, inspectors, tours, size, limit, (share) => tell("teams", share)),
  );
}

/** Was each joiner drawn from those of the group who were in no team and had not joined one before? */
function joinsHold({ inspectors, tours }: Bundle, own: Story): boolean {
  const teams = new Map(Object.entries(own.one("result").teams));
  const busy = new Set([...teams.values()].flat());
  const resting = new Set(inspectors.map(({ id }) => id).filter((id) => !busy.has(id)));
  return own.all("replace").every(({ tour, leaver, joiner }) => {
    const team = teams.get(tour);
    const asked = tours.find(({ id }) => id === tour);
    if (!team?.includes(leaver) || !asked) return false;
    const candidates = replacements(asked, leaver, team, inspectors, resting);
    resting.delete(joiner);
    teams.set(tour, [...team.filter((id) => id !== leaver), joiner]);
    return joiner === replace(own.one("seed").seed, tour, leaver, candidates);
  });
}
