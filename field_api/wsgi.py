"""Both doors on one port: the field API under /field, the office everywhere else."""

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix

from backend.app import create_app as office
from backend.config import settings
from field_api.app import create_app as field

both = DispatcherMiddleware(office(), {"/field": field()})
app = ProxyFix(both, x_for=1, x_proto=1, x_host=1) if settings().behind_proxy else both
