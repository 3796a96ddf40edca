"""HTTP: the JSON API, the pages, and what an operator watches. `service.web.app` builds the application."""
