"""Translation models that are downloaded once: which there are, fetching, verifying, removing."""
