"""The console: where units plan, draw, watch, review and keep their registries."""

from flask import Blueprint

console = Blueprint("console", __name__, url_prefix="/console", template_folder="templates")

from backend.console import sign_in  # noqa: E402, F401 - its routes hang on the blueprint
