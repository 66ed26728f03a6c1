"""The transparency log over HTTP: public, cacheable, by the paths of C2SP tlog-tiles, and some for convenience."""

from api.tlog.routes import Logs, TlogRoutes

__all__ = ["Logs", "TlogRoutes"]
