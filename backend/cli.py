"""The command line: ``fieldlot COMMAND``. ``DATA=/some/folder fieldlot …`` speaks to the instance kept there."""

import sys

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
    from backend.worker import relay as run

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


if __name__ == "__main__":
    main()
