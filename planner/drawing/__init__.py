"""Pictures of a plan: the merger graph and the merger map, with the page layout that they share."""
