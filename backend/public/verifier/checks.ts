// The checks of a bundle in their order (DRAWS §6); each has its sentence in words.json.
import type { Bundle, Commit, Entry } from "./bundle";
import { Story } from "./bundle";
import { entityChecks } from "./entity_checks";
import { byBytes, bytesToHex, canonical, digest, hexToBytes, joined, same, sha256, utf8ToBytes } from "./hashes";
import { consistent, includes, leafHash } from "./merkle";
import { faults, seconds } from "./shapes";
import { headHolds, roundHolds } from "./signatures";
import { teamChecks } from "./team_checks";

/** What came of a check; `facts` fill its sentence, `why` says where it failed. */
export interface Told {
  check: string;
  state: "pass" | "fail" | "none";
  facts?: Record<string, string | number>;
  why?: string;
}
/** A check: its name, and what finds out whether it holds. "none" means that this lot has nothing of the kind. */
export interface Check {
  name: string;
  holds: () => boolean | "none";
  facts?: Record<string, string | number>;
}
export type Tell = (name: string, share: number) => void;

const AGENCY = "agency";
/** The records of a lot in their order: a ceremony that ends void may end early, but never between seed and result. */
const ORDER = {
  entities: /^commit (dice )?((seed result (skip )*)?void |seed result (skip )*(outcome )*)$/,
  teams: /^commit (dice )?((seed )?void |seed result (replace )*)$/,
};
const RULE = "hashdraw-1";

/** Goes through all checks, and ends at the first that fails: the later ones build on it. */
export function* verdict(bundle: unknown, tell: Tell = () => {}): Generator<Told> {
  const wrong = faults(bundle);
  yield wrong.length
    ? { check: "form", state: "fail", why: wrong.slice(0, 3).join(", ") }
    : { check: "form", state: "pass" };
  if (wrong.length) return;
  for (const check of checksOf(bundle as Bundle, tell)) {
    tell(check.name, 0);
    const told = outcome(check);
    yield told;
    if (told.state === "fail") return;
  }
}

function outcome({ name, holds, facts }: Check): Told {
  try {
    const held = holds();
    return { check: name, state: held === "none" ? "none" : held ? "pass" : "fail", ...(facts && { facts }) };
  } catch (error) {
    return { check: name, state: "fail", ...(facts && { facts }), why: String(error) };
  }
}

function* checksOf(bundle: Bundle, tell: Tell): Generator<Check> {
  yield* logChecks(bundle);
  yield { name: "attempts", holds: () => attemptsHold(bundle), facts: { n: commitsOf(bundle).length } };
  const own = new Story(bundle, bundle.lot);
  yield { name: "sources", holds: () => opened(bundle).every(sourcesHold) };
  yield { name: "beacon", holds: () => beaconHolds(own) };
  yield { name: "lead", holds: () => leadHolds(bundle, own), facts: { lead: own.one("commit").seed_plan.lead } };
  yield { name: "seed", holds: () => opened(bundle).every(seedHolds), facts: { seed: own.one("seed").seed } };
  yield* own.one("commit").kind === "entities" ? entityChecks(bundle, own, tell) : teamChecks(bundle, own, tell);
}

function* logChecks({ entries, heads: [first, last], consistency }: Bundle): Generator<Check> {
  const included = ({ record, index, path }: Entry) =>
    includes(leafHash(utf8ToBytes(canonical(record))), index, last.size, path, last.root);
  const rising = entries.every(({ index }, at) => at === 0 || index > (entries[at - 1]?.index ?? index));
  const ends = () => last.size === (entries.at(-1)?.index ?? -2) + 1;
  yield { name: "included", holds: () => rising && ends() && entries.every(included), facts: { n: entries.length } };
  yield { name: "continues", holds: () => consistent(first.size, last.size, consistency, first.root, last.root) };
  yield { name: "signed", holds: () => headHolds(first) && headHolds(last), facts: { key: last.key } };
}

function commitsOf(bundle: Bundle): Commit[] {
  return bundle.entries.map(({ record }) => record).filter((record): record is Commit => record.type === "commit");
}

/** The attempts that have come to their seed. */
function opened(bundle: Bundle): Story[] {
  return commitsOf(bundle)
    .map(({ lot }) => new Story(bundle, lot))
    .filter((story) => story.maybe("seed") !== undefined);
}

function attemptsHold(bundle: Bundle): boolean {
  const commits = commitsOf(bundle);
  const [first] = commits;
  const stories = commits.map((commit) => new Story(bundle, commit.lot));
  const count = stories.reduce((sum, story) => sum + story.records.length, 0);
  return (
    commits.every(
      ({ attempt, round, kind }, at) => attempt === at + 1 && round === first?.round && kind === first.kind,
    ) &&
    new Set(commits.map(({ lot }) => lot)).size === commits.length &&
    count === bundle.entries.length &&
    stories.slice(0, -1).every((story) => story.records.at(-1)?.type === "void") &&
    stories.every(storyHolds)
  );
}

/** Do a lot's records stand in the order of its kind's ceremony? Only the rule itself ends a lot of teams after its seed. */
function storyHolds(story: Story): boolean {
  const { kind, attempt } = story.one("commit");
  const byRule = kind === "teams" && story.maybe("seed") !== undefined;
  return (
    ORDER[kind].test(story.records.map(({ type }) => `${type} `).join("")) &&
    story.all("result").every((result) => (kind === "teams") === "teams" in result) &&
    story.all("void").every((ended) => ended.attempt === attempt && ended.by.includes(RULE) === byRule)
  );
}

function sourcesHold(own: Story): boolean {
  const { seed_plan: plan } = own.one("commit");
  const committed = digest(own.one("commit"));
  const seed = own.one("seed");
  const dice = own.maybe("dice");
  const hashes = Object.entries(seed.nonces).map(([party, nonce]) => [party, bytesToHex(sha256(hexToBytes(nonce)))]);
  const ours = Object.keys(plan.nonces).filter((party) => party === AGENCY).length;
  const theirs = Object.keys(plan.nonces).length - ours + Number(plan.dice !== null) + Number(plan.drand !== null);
  return (
    seed.commit === committed &&
    (dice?.commit ?? committed) === committed &&
    seed.dice === (dice?.dice ?? null) &&
    (dice?.dice.length ?? null) === (plan.dice?.n ?? null) &&
    (seed.drand?.round ?? null) === (plan.drand?.round ?? null) &&
    same(Object.fromEntries(hashes), plan.nonces) &&
    theirs >= 1 &&
    ours + theirs >= 2
  );
}

function beaconHolds(own: Story): boolean | "none" {
  const { drand: planned } = own.one("commit").seed_plan;
  const { drand } = own.one("seed");
  if (!planned || !drand) return planned === drand ? "none" : false;
  const { signature, randomness, round } = drand;
  return bytesToHex(sha256(hexToBytes(signature))) === randomness && roundHolds(planned.key, round, signature);
}

/** The commit lies under the first head, for its lead before chance enters; no record is older than the one before it. */
function leadHolds({ entries, heads: [first] }: Bundle, own: Story): boolean {
  const commit = own.one("commit");
  const { drand, lead } = commit.seed_plan;
  const at = entries.find(({ record }) => record === commit)?.index;
  const beacon = drand ? [drand.genesis + (drand.round - 1) * drand.period] : [];
  const chance = [...own.records.slice(1).map((record) => seconds(record.at)), ...beacon];
  const times = entries.map(({ record }) => seconds(record.at));
  return (
    first.size === (at ?? -2) + 1 &&
    Math.min(...chance) >= seconds(first.time) + lead &&
    beacon.every((moment) => seconds(own.one("seed").at) >= moment) &&
    times.every((time, i) => i === 0 || time >= (times[i - 1] ?? 0))
  );
}

function seedHolds(own: Story): boolean {
  const seed = own.one("seed");
  const parties = Object.entries(seed.nonces).sort(([a], [b]) => byBytes(a, b));
  const chance = [seed.dice ?? "", seed.drand?.randomness ?? "", ...parties.map(([, nonce]) => nonce)];
  const made = joined("hashdraw-1/seed", digest(own.one("commit")), ...chance);
  return seed.seed === made && own.all("result").every((result) => result.seed === digest(seed));
}
