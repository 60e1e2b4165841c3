"""The command line: ``fieldlot COMMAND``. ``DATA=/some/folder fieldlot …`` speaks to the instance kept there."""

import sys
from pathlib import Path
from typing import Any

import click

from backend.logs import set_up_logs


@click.group()
@click.version_option(package_name="fieldlot")
def main() -> None:
    """Fieldlot: field inspections whose lots anyone can replay."""
    set_up_logs("cli")


@main.command()
def migrate() -> None:
    """Bring the database to the newest migration."""
    from backend.migrations import migrate as run

    run()
    click.echo("The database is up to date.")


@main.command()
def worker() -> None:
    """Run the worker that does the jobs."""
    from backend.worker import work

    set_up_logs("worker")
    work()


@main.command()
def relay() -> None:
    """Run the relay that tells events to the jobs they wake."""
    from backend.relay import relay as run

    set_up_logs("relay")
    run()


@main.group()
def ledger() -> None:
    """The audit trail."""


@ledger.command("verify")
def verify_ledger() -> None:
    """Recompute all hashes of the ledger; ends with 1 when a chain does not hold."""
    from backend.db import transaction
    from backend.ledger import verify

    with transaction() as session:
        count, faults = verify(session)
    for fault in faults:
        click.echo(f"{fault.chain} #{fault.seq}: {fault.reason}", err=True)
    click.echo(f"{count} events read, {len(faults)} faults.")
    sys.exit(1 if faults else 0)


@main.group()
def lot() -> None:
    """The lots that anyone can replay."""


@lot.command("bundle")
@click.argument("name")
def print_bundle(name: str) -> None:
    """Print the bundle of an opened lot: python3 verify_draw.py checks it."""
    from backend.db import transaction
    from backend.draws.bundles import as_text, bundle
    from backend.problems import Problem

    with transaction() as session:
        try:
            click.echo(as_text(bundle(session, name)), nl=False)
        except Problem as problem:
            raise click.ClickException(f"{problem.told('zh')['detail']}\n{problem.told('en')['detail']}") from None


@main.command()
@click.argument("url")
@click.option(
    "--file",
    default="fieldlot-heads.json",
    show_default=True,
    help="where the heads are kept",
    type=click.Path(dir_okay=False, path_type=Path),
)
@click.option("--accept-key", help="a new signing key that the agency announced, hex")
def witness(url: str, file: Path, accept_key: str | None) -> None:
    """Look whether the public log at URL still continues what was seen before; ends with 2 when it was rewritten."""
    from backend.draws.witness import LogSilent, visit
    from backend.problems import Problem

    try:
        seen = visit(url, file, accept_key)
    except Problem as problem:
        loud = not isinstance(problem, LogSilent)
        for told in (problem.told("zh"), problem.told("en")):
            click.echo(click.style(f"{'!!! ' * loud}{told['title']}  {told['detail']}", fg="red", bold=loud), err=True)
        sys.exit(2 if loud else 1)
    head = seen.head
    click.echo(
        f"{head.time}  {head.size} 条记录，新增 {seen.fresh} 条，与先前一致。  {head.size} records, {seen.fresh} new; all that was there is still there."
    )
    click.echo(f"root {head.root}  key {head.key}")


@main.group()
def beacon() -> None:
    """A beacon chain of one's own, for networks without the public one."""


@beacon.command("new")
@click.option("--period", default=30, show_default=True, help="seconds between rounds")
def new_beacon(period: int) -> None:
    """Make the chain's key and the public file that lots name. Best on a machine of another authority."""
    from backend.draws.beacon import found_chain

    click.echo(found_chain(period))


@beacon.command("sign")
@click.argument("round", type=click.IntRange(min=1))
def sign_round(round: int) -> None:
    """Print the signature of a round of one's own chain, once its time has come."""
    from backend.draws.beacon import signature_of
    from backend.problems import Problem

    try:
        click.echo(signature_of(round))
    except Problem as problem:
        raise click.ClickException(f"{problem.told('zh')['detail']}\n{problem.told('en')['detail']}") from None


@main.command()
@click.option("--entities", default=3000, show_default=True, help="how many; from 20,000 on over the whole city")
def sample(entities: int) -> None:
    """Fill an empty embedded database with an invented city: marked as such, the same every time."""
    from backend.db import transaction
    from backend.sample.load import load_sample

    with transaction() as session:
        load_sample(session, count=entities, tell=click.echo)
    click.echo("The sample is made.")


@main.command()
@click.option("--url", default="http://localhost:8000", show_default=True, help="of the running server")
@click.option("--json", "as_json", is_flag=True, help="print one JSON object as the last line")
@click.option("--size", default=6, show_default=True, help="how many entities are drawn and visited")
@click.option("--from", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="a real register")
@click.option("--mapping", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="its mapping (TOML)")
@click.option("--password", default="fieldlot-sample", help="of the sample accounts")
def demo(url: str, as_json: bool, size: int, file: Path | None, mapping: Path | None, password: str) -> None:
    """Play the main job through HTTP: plan, lots, tours, visits with photos, review, score, notice."""
    from backend.demo.stage import perform

    click.echo(perform(url, password, size=size, file=file, mapping=mapping, as_json=as_json))


@main.command("import")
@click.argument("kind", type=click.Choice(["entities", "items", "inspectors", "experts", "facts"]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--mapping", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="TOML for foreign columns"
)
@click.option("--dry-run", is_flag=True, help="check and report, keep nothing (not for facts)")
@click.option("--report", type=click.Path(path_type=Path), help="write every refused row to this CSV file")
def import_(kind: str, file: Path, mapping: Path | None, dry_run: bool, report: Path | None) -> None:
    """Bring a CSV or XLSX file into a register; good rows come in, bad ones are reported."""
    from backend.imports import run_import
    from backend.problems import Problem

    try:
        told = run_import(kind, file, mapping, dry_run=dry_run)
    except Problem as problem:
        raise click.ClickException(in_both_languages(problem)) from None
    if report:
        told.write(report)
    click.echo("\n".join(told.lines()))
    sys.exit(1 if told.refused and not told.taken else 0)


@main.command()
@click.argument("kind", type=click.Choice(["entities", "items", "inspectors", "experts"]))
@click.option("--district", default="", help="only districts whose code begins so")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", help="of the headings")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="a .csv or .xlsx file")
def export(kind: str, district: str, language: str, output: Path | None) -> None:
    """Write a register as CSV to standard output, or as CSV or XLSX to a file, in the headings that an import takes."""
    from backend.db import transaction
    from backend.registry.exports import export_csv, export_xlsx

    with transaction() as session:
        if output and output.suffix.lower() == ".xlsx":
            output.write_bytes(export_xlsx(session, kind, district=district, language=language))
            return
        out = output.open("w", encoding="utf-8", newline="") if output else sys.stdout
        out.writelines(export_csv(session, kind, district=district, language=language))
        out.close() if output else out.flush()


def in_both_languages(problem: Any) -> str:
    """A problem as a command line tells it."""
    return "\n".join(f"{told['title']}  {told['detail']}" for told in (problem.told("zh"), problem.told("en")))


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replays", default=400_000, show_default=True, help="draws replayed for each set of weights")
def evidence(file: Path, replays: int) -> None:
    """Tell, from a real file of past inspections, what aimed draws gain and whether their figures stay honest."""
    from backend.evidence.aimed_draws import study, table

    click.echo(table(*study(file, replays)), nl=False)


@main.command()
@click.option("--replays", default=999, show_default=True, help="other seeds under which the matching is replayed")
def strictness(replays: int) -> None:
    """For the agency's own eyes: whose visits find more or fewer problems than the lot would explain (DRAWS §7)."""
    from backend.db import transaction
    from backend.oversight.rules import FEWEST_VISITS
    from backend.oversight.rules import strictness as compared
    from backend.oversight.strictness import periods

    with transaction() as session:
        found = compared(periods(session), replays)
    if not found:
        click.echo(f"还没有检查人员完成 {FEWEST_VISITS} 次检查。  Nobody has made {FEWEST_VISITS} visits yet.")
    for one in found:
        mark = "*" if one.stands_out else " "
        click.echo(f"{mark} {one.inspector}  {one.visits:5d}  {one.surplus:+.3f}  {one.usual:+.3f}  p={one.p:.3f}")


@main.command()
@click.option("--draws", default=1_000_000, show_default=True, help="draws and matchings of each trial")
def acceptance(draws: int) -> None:
    """Try whether the lots are uniform, and whether broken samplers are caught; ends with 1 when not (DRAWS §8)."""
    from backend.evidence.acceptance import acceptance as tried
    from backend.evidence.acceptance import accepted, table

    ours, broken = tried(draws)
    click.echo(table(ours, broken), nl=False)
    sys.exit(0 if accepted(ours, broken) else 1)


if __name__ == "__main__":
    main()
