"""Setting the stage of the demo: the sample's people, or an imported real register with people of its own."""

from pathlib import Path

from backend.demo.play import Cast, Play
from backend.demo.real import perform_real
from backend.sample.items import CATERING
from backend.sample.trades import CATERING_FORMATS


def perform(url: str, password: str, *, size: int, file: Path | None, mapping: Path | None, as_json: bool) -> str:
    """Play the demo and tell how it ended: a few lines for people, or one JSON object."""
    if file is not None:
        figures, outcome = perform_real(url, password, file=file, mapping=mapping, size=size)
        return outcome.as_json() if as_json else "\n".join([*figures, outcome.told()])
    chosen = {"trade_format": CATERING_FORMATS}
    play = Play(url, Cast(password), size=size, item=CATERING, chosen=chosen, quiet=False)
    outcome = play.run()
    return outcome.as_json() if as_json else outcome.told()
