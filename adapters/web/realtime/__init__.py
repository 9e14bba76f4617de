"""The live feed over HTTP: one poller per process, one stream per client."""
