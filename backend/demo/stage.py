"""Setting the stage of the demo: the sample's people, or an imported real register with people of its own."""

from pathlib import Path

from backend.demo.play import Cast, Outcome, Play

CATERING = "610701000101"


def perform(url: str, password: str, *, size: int, file: Path | None, mapping: Path | None, as_json: bool) -> str:
    """Play the demo and tell how it ended: a few lines for people, or one JSON object."""
    if file is not None:
        from backend.demo.real import perform_real

        return perform_real(url, password, file=file, mapping=mapping, size=size, as_json=as_json)
    play = Play(url, Cast(password), size=size, item=CATERING, chosen={"food": "1"}, quiet=False)
    return told(play.run(), as_json)


def told(outcome: Outcome, as_json: bool) -> str:
    """The end of the story."""
    if as_json:
        return outcome.as_json()
    return (
        f"{outcome.entity}: {outcome.score_before} ({outcome.class_before}) → "
        f"{outcome.score_after} ({outcome.class_after})\n{outcome.tasks} visits, {outcome.photos} photos, "
        f"lot {outcome.lot}\n{outcome.notice_url}"
    )
