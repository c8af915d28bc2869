"""The roster of rule families: a new family is its file, one line here, and its test."""

from typing import Annotated

from pydantic import Field

from models.rules.autonomy_share import AutonomyShare
from models.rules.equitization import Equitization
from models.rules.fairness import Fairness
from models.rules.limits import Cap, Floor
from models.rules.no_autonomy_loss import NoAutonomyLoss
from models.rules.no_new_budget_posts import NoNewBudgetPosts
from models.rules.one_off_budget import OneOffBudget
from models.rules.payroll_cut import PayrollCut
from models.rules.pins import PinKept
from models.rules.remaining_functions import RemainingFunctions
from models.rules.rule import Reading, Rule, StructuralRule
from models.rules.spending_cut import SpendingCut
from models.rules.structure import Structure
from models.rules.unit_reduction import UnitReduction
from models.rules.workload import Workload

ROSTER = (
    UnitReduction,
    AutonomyShare,
    Equitization,
    PayrollCut,
    SpendingCut,
    RemainingFunctions,
    Structure,
    Cap,
    Floor,
    Workload,
    NoAutonomyLoss,
    NoNewBudgetPosts,
    OneOffBudget,
    Fairness,
)
FAMILIES = {family.model_fields["rule"].default: family for family in ROSTER}
AnyRule = Annotated[
    UnitReduction
    | AutonomyShare
    | Equitization
    | PayrollCut
    | SpendingCut
    | RemainingFunctions
    | Structure
    | Cap
    | Floor
    | Workload
    | NoAutonomyLoss
    | NoNewBudgetPosts
    | OneOffBudget
    | Fairness,
    Field(discriminator="rule"),
]

__all__ = ["FAMILIES", "ROSTER", "AnyRule", "PinKept", "Reading", "Rule", "StructuralRule"]
