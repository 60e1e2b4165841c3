"""The field door: the API that phones speak to, and the phone app itself."""
