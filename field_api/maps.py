"""Maps: the pack that a phone carries for each tour of its own teams."""

from dataclasses import asdict
from uuid import UUID

from flask import g, jsonify, make_response, request
from flask.views import MethodView
from flask_smorest import Blueprint
from werkzeug import Response

from backend.accounts.rules import can_inspect
from backend.tours.maps import own_map
from backend.web import allows
from field_api import views

blp = Blueprint("maps", __name__, url_prefix="/v1", description="Maps of tours, to be carried")


@blp.route("/tours/<uuid:tour_id>/map")
class TourMap(MethodView):
    """A tour's map; its ETag is its version."""

    @allows(can_inspect)
    @blp.doc(responses={200: {"description": "The map"}, 304: {"description": "The phone has this version already"}})
    @blp.alt_response(200, schema=views.MapView)
    def get(self, tour_id: UUID) -> Response:
        """Get the map of a tour of my teams; `If-None-Match` saves getting the same again"""
        pack = own_map(g.session, g.actor, tour_id)
        response = make_response(jsonify(asdict(pack)))
        response.headers["Cache-Control"] = "private, no-cache"
        response.set_etag(pack.version)
        return response.make_conditional(request)
