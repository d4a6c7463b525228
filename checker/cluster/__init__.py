"""Parts checked past one machine: an existing engine hands out their paths, `checker.engine.parts.check_part` checks them.

`ray.findings` and `spark.findings` return the engine's own lazy table; `task` is what both run.
"""
