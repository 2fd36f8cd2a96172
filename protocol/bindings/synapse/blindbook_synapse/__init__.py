"""blindbook beside a Matrix homeserver: `tokens` lets its users ask the service, `threepids` says who may be found."""
