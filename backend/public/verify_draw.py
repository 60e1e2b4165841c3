#!/usr/bin/env python3
"""Checks a lot's bundle: python3 verify_draw.py BUNDLE.json. A consistent forgery passes: compare its head with one that a witness kept."""
import calendar, json, re, sys, time
from hashlib import sha256, sha512
RECORDS = {"commit entities": "algo kind round attempt pool strata n reserve seed_plan by", "dice": "commit dice witnesses", "outcome": "id state",
           "commit teams": "algo kind round attempt draw staff key match seed_plan by", "void": "attempt reason by", "result teams": "seed teams tries",
           "seed": "commit dice drand nonces seed", "result entities": "seed alloc drawn reserves", "replace": "tour leaver joiner reason",
           "skip": "id stratum reason reserve"}
WITHIN = {"pool": "n root key", "match": "size limit", "seed_plan": "dice drand nonces lead", "dice": "n", "drand": "chain key genesis period round",
          "inspectors": "id group quals recuse", "tours": "id group need stops avoid", "entries": "index path record", "heads": "size root time key signature"}
ORDER = "commit (dice )?((seed %s)?void |seed result (skip |replace )*(outcome )*)"  # only teams may find no result
def named(value, fields): return isinstance(value, dict) and value.keys() == set(fields.split())
def whole(*values): return all(type(v) is int and 0 <= v < 2**53 for v in values)
def hexes(*values): return all(isinstance(v, str) and re.fullmatch("([0-9a-f]{64}){1,2}", v) for v in values)
def formed(record):  # exactly the fields of DRAWS §4
    return (any(named(record, f"type lot at {fields}") and record["type"] == name.split()[0] for name, fields in RECORDS.items())
            and all(named(record[k], WITHIN[k]) for k in ("pool", "match", "seed_plan") if k in record)
            and all(v is None or k not in WITHIN or named(v, WITHIN[k]) for k, v in record.get("seed_plan", {}).items())
            and all(named(s, "N weight min") and whole(*s.values()) for s in record.get("strata", {}).values()) and at(record["at"]) > 0)
def ordered(v):  # keys as RFC 8785 has them
    return {k: ordered(v[k]) for k in sorted(v, key=lambda k: k.encode("utf-16-be"))} if isinstance(v, dict) else (
        [ordered(x) for x in v] if isinstance(v, list) else v)
def canonical(value): return json.dumps(ordered(value), ensure_ascii=False, separators=(",", ":")).encode()
def digest(value): return sha256(canonical(value)).hexdigest()
def joined(*parts): return sha256("\x1f".join(parts).encode()).hexdigest()
def at(text): return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))
def rising(ids): return all(a.encode() < b.encode() for a, b in zip(ids, ids[1:]))
def leaf(data): return sha256(b"\x00" + data).digest()
def node(*pair): return sha256(b"\x01" + b"".join(pair)).digest() if len(pair) == 2 else pair[0]
def root(level): return level[0] if len(level) == 1 else root([node(*level[i:i + 2]) for i in range(0, len(level), 2)])
def climb(a, b, path, left, right):  # RFC 9162 §2.1.3.2 and §2.1.4.2 at once: up to the old root and to the new one
    for step in path:
        left, right = (node(step, left), node(step, right)) if (turn := a & 1 or a == b) else (left, node(right, step))
        while turn and a and not a & 1: a, b = a >> 1, b >> 1
        a, b = a >> 1, b >> 1
    return (left, right) if b == 0 else (None, None)
def consistent(first, second, path, old, new):
    steps, up = path if first & (first - 1) else [old, *path], (first & -first).bit_length() - 1  # up: the old tree's right edge
    return climb(first - 1 >> up, second - 1 >> up, steps[1:], *steps[:1] * 2) == (old, new) if first < second else (path, old) == ([], new)
P, Q, D = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493, -121665 * pow(121666, -1, 2**255 - 19)  # Ed25519 (RFC 8032)
def add(a, b):
    t = D * a[0] * b[0] * a[1] * b[1] % P
    return (a[0] * b[1] + b[0] * a[1]) * pow(1 + t, -1, P) % P, (a[1] * b[1] + a[0] * b[0]) * pow(1 - t, -1, P) % P
def times(n, p): return (0, 1) if not n else add(p, times(n - 1, p)) if n & 1 else times(n >> 1, add(p, p))
def point_of(raw):
    square = ((y := int.from_bytes(raw, "little") % 2**255) ** 2 - 1) * pow(D * y * y + 1, -1, P) % P
    x = [r for r in (pow(square, (P + 3) // 8, P) * f % P for f in (1, pow(2, (P - 1) // 4, P))) if r * r % P == square][0]
    return (x if x & 1 == raw[31] >> 7 else P - x), y
def signed(head):
    key, (r, s) = bytes.fromhex(head["key"]), (bytes.fromhex(head["signature"])[at:at + 32] for at in (0, 32))
    h, s = (int.from_bytes(x, "little") for x in (sha512(r + key + canonical({k: head[k] for k in ("size", "root", "time")})).digest(), s))
    return s < Q and times(s, point_of((4 * pow(5, -1, P) % P).to_bytes(32, "little"))) == add(point_of(r), times(h % Q, point_of(key)))
def stream(*label):  # DRAWS §1: below(n) over the 64-bit numbers of H(label…, i)
    numbers = (int(joined(*label, str(i))[j:j + 16], 16) for i in range(2**53) for j in (0, 16, 32, 48))
    return lambda n: next(x for x in numbers if x < 2**64 - 2**64 % n) % n
def allocate(seed, strata, n):
    given, pull = {k: min(s["N"], s["min"]) for k, s in strata.items()}, {k: s["N"] * s["weight"] for k, s in strata.items()}
    while (left := n - sum(given.values())) > 0 and (free := {k: w for k, w in pull.items() if w and given[k] < strata[k]["N"]}):
        share = {k: divmod(left * weight, sum(free.values())) for k, weight in free.items()}
        first = sorted(free, key=lambda k: (-share[k][1], joined("hashdraw-1/alloc", seed, k)))[:left - sum(q for q, _ in share.values())]
        given.update({k: min(strata[k]["N"], given[k] + share[k][0] + (k in first)) for k in free})
    return given
def admissible(tour, team):
    ids, held = {i["id"] for i in team}, {q for i in team for q in i["quals"]}
    return held >= set(tour["need"]) and not any(tour["id"] in i["recuse"] for i in team) and not any(set(pair) <= ids for pair in tour["avoid"])
def match(seed, staff, size, limit):
    teams, tries = {}, {}
    for group in sorted({t["group"] for t in staff["tours"]}, key=str.encode):
        tours, own = ([x for x in staff[kind] if x["group"] == group] for kind in ("tours", "inspectors"))
        for k in range(limit):
            order, below = list(own), stream("hashdraw-1/match", seed, group, str(k))
            for i in range(len(order) - 1, 0, -1): order[i], order[j] = order[(j := below(i + 1))], order[i]
            cut = [(t, order[i * size:(i + 1) * size]) for i, t in enumerate(tours)]
            if all(admissible(t, team) for t, team in cut): break
        teams, tries = {**teams, **{t["id"]: sorted((i["id"] for i in team), key=str.encode) for t, team in cut}}, {**tries, group: k}
    return teams, tries
def seeded(commit, seed, dice=None, result=None, **_):  # are an attempt's sources those committed, and is its seed made of them?
    plan, drand, nonces, committed = commit["seed_plan"], seed["drand"], seed["nonces"], digest(commit)
    chance = [seed["dice"] or "", drand["randomness"] if drand else "", *(nonces[p] for p in sorted(nonces, key=str.encode))]
    return ([seed["commit"], seed["seed"]] == [committed, joined("hashdraw-1/seed", committed, *chance)]
        and ([dice["dice"], dice["commit"], len(dice["dice"]), len(dice["witnesses"])] == [seed["dice"], committed, plan["dice"]["n"], 2] if dice
             else (plan["dice"], seed["dice"]) == (None, None)) and hexes(*nonces.values())
        and (drand == {"round": plan["drand"]["round"], "signature": drand["signature"],
                       "randomness": sha256(bytes.fromhex(drand["signature"])).hexdigest()} if drand else plan["drand"] is None)
        and {p: sha256(bytes.fromhex(n)).hexdigest() for p, n in nonces.items()} == plan["nonces"] and (not result or result["seed"] == digest(seed))
        and bool(dice) + bool(drand) + len(nonces) > 1 and bool(dice or drand or nonces.keys() - {"agency"}))
def checks(b):
    entries, heads, commits = b["entries"], b["heads"], [e["record"] for e in b["entries"] if e["record"]["type"] == "commit"]
    staff = [] if commits[0]["kind"] == "entities" else ["inspectors", "tours"]
    yield "Every field that belongs there is there, and no other", (
        named(b, " ".join(["format lot heads consistency entries", *(staff or ["pool"])])) and b["format"] == "fieldlot-bundle-1" and len(heads) == 2
        and all(named(x, WITHIN[k]) for k in ["entries", "heads", *staff] for x in b[k]) and all(whole(e["index"]) and formed(e["record"]) for e in entries)
        and hexes(*b["consistency"], *(p for e in entries for p in e["path"]), *(h[k] for h in heads for k in ("root", "key", "signature"))))
    (first, old), (size, new) = ((h["size"], bytes.fromhex(h["root"])) for h in heads)
    yield "Every record lies in the log under the last head, in order, and the log ends there", (
        all(climb(e["index"], size - 1, map(bytes.fromhex, e["path"]), x, x)[1] == new for e in entries for x in [leaf(canonical(e["record"]))])
        and sorted({e["index"] for e in entries}) == [e["index"] for e in entries] and size == entries[-1]["index"] + 1)
    yield "The last head continues the first, nothing was rewritten, and both are signed with the keys that they name", (
        consistent(first, size, list(map(bytes.fromhex, b["consistency"])), old, new) and all([signed(head) for head in heads]))
    lots = {c["lot"]: [e["record"] for e in entries if e["record"]["lot"] == c["lot"]] for c in commits}
    yield f"Attempts at this lot: {len(commits)}; all but the last are void, with two names; records stand in order", (
        [c["attempt"] for c in commits] == list(range(1, len(lots) + 1)) and len({(c["round"], c["kind"]) for c in commits}) == 1
        and sum(map(len, lots.values())) == len(entries) and all(own[-1]["type"] == "void" for own in list(lots.values())[:-1])
        and all(re.fullmatch(ORDER % ("" if staff else "result (skip )*"), "".join(r["type"] + " " for r in own)) for own in lots.values())
        and all(r["attempt"] == own[0]["attempt"] and len(set(r["by"])) == 2 for own in lots.values() for r in own if r["type"] == "void"))
    own, commit, seed, result = lots[b["lot"]], *({r["type"]: r for r in lots[b["lot"]]}.get(t) for t in ("commit", "seed", "result"))
    plan, drand = commit["seed_plan"], seed["drand"]
    yield "The sources of each seed are those committed, two or more, one of them not the agency's, and it is made of them", all(
        [seeded(**{r["type"]: r for r in records}) for records in lots.values() if any(r["type"] == "seed" for r in records)])
    public, beacon = at(heads[0]["time"]), [plan["drand"]["genesis"] + (drand["round"] - 1) * plan["drand"]["period"]] if drand else []
    yield "The commit lay in public, under the first head, for its lead before chance entered", whole(plan["lead"]) and (
        first == next(e["index"] for e in entries if e["record"] is commit) + 1 and min([at(r["at"]) for r in own[1:]] + beacon) >= public + plan["lead"]
        and at(seed["at"]) >= max(beacon, default=0) and sorted(e["record"]["at"] for e in entries) == [e["record"]["at"] for e in entries])
    yield from (teams if staff else entities)(b, commit, seed["seed"], result, own)
    print(f"      Head of {size} records, {heads[1]['time']}: root {new.hex()}, key {heads[1]['key']}. Not checked: signature of a beacon's round")
def entities(b, commit, seed, result, own):
    pool, strata, alloc = b["pool"], commit["strata"], allocate(seed, commit["strata"], commit["n"])
    yield f"The pool is the one committed: {len(pool)} members, sorted, none twice, strata as large as committed", (
        [len(pool), root([leaf(f"{i}\x1f{s}".encode()) for i, s in pool]).hex()] == [commit["pool"]["n"], commit["pool"]["root"]]
        and rising([i for i, _ in pool]) and sorted(s for _, s in pool) == sorted(k for k, s in strata.items() for _ in range(s["N"])))
    lowest = {k: sorted((joined("hashdraw-1/ticket", seed, i), i) for i, s in pool if s == k)[:alloc[k] + commit["reserve"]] for k in strata}
    drawn, free = ({k: [i for _, i in part(k)] for k in strata} for part in (lambda k: lowest[k][:alloc[k]], lambda k: lowest[k][alloc[k]:]))
    yield f"The places {alloc} follow from the rule, drawn and reserves are the smallest tickets of each stratum", not result or (
        (result["alloc"], result["drawn"], result["reserves"]) == (alloc, drawn, free) and sum(alloc.values()) <= commit["n"])
    state, skips, ended = {i: k for k in drawn for i in drawn[k]}, *([r for r in own if r["type"] == t] for t in ("skip", "outcome"))
    ruled = [(state.pop(r["id"], None), state.update({r["reserve"]: r["stratum"]}), (free[r["stratum"]] or [None]).pop(0)) for r in skips]
    yield f"Skips: {len(skips)}; each was taken by the first unused reserve of its stratum", [(r["stratum"], None, r["reserve"]) for r in skips] == ruled
    out = {r["id"] for r in skips}
    yield f"Outcomes: {len(ended)}; none yet, or one for everybody drawn, and the skipped are out of scope", not ended or (
        sorted(r["id"] for r in ended) == sorted((state.keys() | out) - {None}) and {r["state"] for r in ended if r["id"] in out} <= {"out of scope"})
def teams(b, commit, seed, result, own):
    people, tours = ({x["id"]: x for x in b[k]} for k in ("inspectors", "tours"))
    yield "The staff is the one committed, in its order", digest([b["inspectors"], b["tours"]]) == commit["staff"] and (
        all(rising([x["id"] for x in b[k]]) for k in ("inspectors", "tours")))
    given, tries = match(seed, b, commit["match"]["size"], commit["match"]["limit"]) if result else ({}, {})
    yield "The teams and the number of tries follow from the seed", not result or (result["teams"], result["tries"]) == (given, tries)
    resting, joined_ = people.keys() - {i for team in given.values() for i in team}, []
    for r in (r for r in own if r["type"] == "replace"):
        stay = [people[i] for i in given[r["tour"]] if i != r["leaver"]]
        fit = [i for i in people if i in resting and people[i]["group"] == tours[r["tour"]]["group"] and admissible(tours[r["tour"]], [*stay, people[i]])]
        joined_.append(len(stay) < len(given[r["tour"]]) and fit[stream("hashdraw-1/replace", seed, r["tour"], r["leaver"])(len(fit))])
        given[r["tour"]], resting = [*(i["id"] for i in stay), joined_[-1]], resting - {joined_[-1]}
    yield "Each replacement was drawn from those who rested", joined_ == [r["joiner"] for r in own if r["type"] == "replace"]
def main(file):
    try:
        bundle = json.load(open(file, encoding="utf-8"), object_pairs_hook=lambda pairs: dict(pairs) if len(dict(pairs)) == len(pairs) else None)
        passed = all(print("pass " if holds else "FAIL ", sentence) or holds for sentence, holds in checks(bundle))
    except Exception as error: passed = print(f"FAIL  It cannot be read further: {type(error).__name__}: {error}")
    return print("PASS" if passed else "FAIL") or int(not passed)
if __name__ == "__main__": sys.exit(main(sys.argv[1]))
