"""Rule sets and their rules over REST."""

routes = []
