"""The console: where units plan, draw, watch, review and keep their registries."""

from flask import Blueprint

console = Blueprint("console", __name__, url_prefix="/console", template_folder="templates")

from backend.console import (  # noqa: E402 - their routes hang on the blueprint
    aside,
    chance,
    changes,
    checklists,
    draws,
    evidence,
    exclusions,
    home,
    imports,
    notices,
    owner,
    people,
    plans,
    projector,
    registry,
    review,
    sign_in,
    strictness,
)

__all__ = [
    "aside",
    "chance",
    "changes",
    "checklists",
    "draws",
    "evidence",
    "exclusions",
    "home",
    "imports",
    "notices",
    "owner",
    "people",
    "plans",
    "projector",
    "registry",
    "review",
    "sign_in",
    "strictness",
]
