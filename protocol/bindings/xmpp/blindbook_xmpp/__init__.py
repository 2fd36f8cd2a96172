"""blindbook beside an XMPP server: `component` lets its users ask the service."""
