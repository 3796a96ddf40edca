"""From a question to cited passages; `service.web` is the only part that knows HTTP."""
