"""Property tests: no deadline on a shared machine, and far more examples for ``make fuzz``."""

from hypothesis import HealthCheck, settings

settings.register_profile("bocage", deadline=None)
settings.register_profile("fuzz", deadline=None, max_examples=5_000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("bocage")
