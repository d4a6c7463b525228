"""Do a rule's examples notice when the rule is changed? (`checker rules test --mutate`)"""

from checker.authoring.mutate.run import Killed, run_mutants
from checker.authoring.mutate.told import share, told
from checker.authoring.mutate.variants import Mutant, mutants, rebuilt

__all__ = ["Killed", "Mutant", "mutants", "rebuilt", "run_mutants", "share", "told"]
