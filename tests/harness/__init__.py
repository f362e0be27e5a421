"""The strictness that the tests run under."""
