"""The public site: plans, lots and results, readable without JavaScript."""

from flask import Blueprint

public = Blueprint("public", __name__, template_folder="templates")

from backend.public import downloads, log, notices, receipts, rounds, verifying  # noqa: E402 - their routes hang on the blueprint

__all__ = ["downloads", "log", "notices", "receipts", "rounds", "verifying"]
