"""The public site: plans, lots and results, readable without JavaScript."""

from flask import Blueprint

public = Blueprint("public", __name__, template_folder="templates")
