"""HTTP: the JSON API, the search page, and what an operator watches."""

from service.web.app import create_app

__all__ = ["create_app"]
