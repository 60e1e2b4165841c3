"""Who may do what: roles, scopes, and the segregation of duties of DOMAIN §8, as pure sentences."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """The roles of DOMAIN §8 that sign in."""

    PROVINCIAL_SUPERVISOR = "provincial_supervisor"
    CITY_SUPERVISOR = "city_supervisor"
    COUNTY_SUPERVISOR = "county_supervisor"
    PLAN_MANAGER = "plan_manager"
    DRAW_OPERATOR = "draw_operator"
    WITNESS = "witness"
    INSPECTOR = "inspector"
    EXPERT = "expert"
    REVIEWER = "reviewer"
    PUBLICITY_OFFICER = "publicity_officer"
    CREDIT_OFFICER = "credit_officer"
    MODEL_MANAGER = "model_manager"
    AUDITOR = "auditor"
    UNIT_ADMINISTRATOR = "unit_administrator"
    ENTITY_OWNER = "entity_owner"


SUPERVISORS = (Role.PROVINCIAL_SUPERVISOR, Role.CITY_SUPERVISOR, Role.COUNTY_SUPERVISOR)
READERS = (*SUPERVISORS, Role.AUDITOR)


@dataclass(frozen=True)
class Grant:
    """One role over a unit's subtree (path prefix) and the districts with a prefix."""

    role: Role
    unit_path: str
    district: str = ""

    def covers(self, unit_path: str, district: str) -> bool:
        """Does this grant reach a thing of that unit in that district?"""
        return unit_path.startswith(self.unit_path) and district.startswith(self.district)


@dataclass(frozen=True)
class Actor:
    """The person behind a request, with all grants; ``device_id`` when they speak through a phone."""

    person_id: UUID
    name: str
    unit_id: UUID
    unit_code: str
    unit_name: str
    unit_path: str
    district: str
    grants: tuple[Grant, ...]
    device_id: UUID | None = None

    def __str__(self) -> str:
        return str(self.person_id)

    def has(self, *roles: Role) -> bool:
        """Does the person hold one of these roles anywhere?"""
        return any(grant.role in roles for grant in self.grants)

    def reaches(self, roles: tuple[Role, ...], unit_path: str, district: str) -> bool:
        """Does one of these roles reach a thing of that unit in that district?"""
        return any(g.role in roles and g.covers(unit_path, district) for g in self.grants)

    def title(self, *roles: Role) -> str:
        """How public records name the person: role and unit, no private name (DRAWS §4)."""
        role = next((g.role for g in self.grants if not roles or g.role in roles), None)
        return f"{role.value if role else 'person'}@{self.unit_code}"


def district_reach(code: str) -> str:
    """The prefix of what lies within a district (GB/T 2260): 610000 → 61, 610700 → 6107, a county is itself."""
    if code.endswith("0000"):
        return code[:2]
    return code[:4] if len(code) == 6 and code.endswith("00") else code


Permission = Callable[[Actor | None], bool]


def anyone(_actor: Actor | None) -> bool:
    """Open to the public."""
    return True


def signed_in(actor: Actor | None) -> bool:
    """Any person with an account."""
    return actor is not None


def _holds(*roles: Role, sentence: str, zh: str) -> Permission:
    """A permission and its sentence in both languages, for the problem that says what is missing."""

    def permission(actor: Actor | None) -> bool:
        return actor is not None and actor.has(*roles)

    permission.__doc__ = f"{zh} / {sentence}"
    permission.__name__ = sentence.replace(" ", "_")
    return permission


can_see_console = _holds(
    *(set(Role) - {Role.INSPECTOR, Role.EXPERT, Role.ENTITY_OWNER}), sentence="see the console", zh="进入监管后台"
)
can_plan = _holds(Role.PLAN_MANAGER, sentence="make plans and rounds", zh="编制计划和任务")
can_approve_plan = _holds(*SUPERVISORS, sentence="approve plans", zh="批准计划")
can_hold_draw = _holds(Role.DRAW_OPERATOR, sentence="hold a draw", zh="主持抽签")
can_freeze_pool = _holds(
    Role.DRAW_OPERATOR,
    Role.PLAN_MANAGER,
    Role.CITY_SUPERVISOR,
    Role.COUNTY_SUPERVISOR,
    sentence="freeze a pool",
    zh="冻结名单",
)
can_witness = _holds(Role.WITNESS, sentence="witness a draw", zh="见证抽签")
can_see_draws = _holds(
    Role.PLAN_MANAGER, Role.DRAW_OPERATOR, Role.WITNESS, *READERS, sentence="see draws", zh="查看抽签"
)
can_see_drawn = _holds(
    Role.PLAN_MANAGER, Role.DRAW_OPERATOR, *READERS, sentence="see who was drawn, and who visits", zh="查看抽中名单"
)
can_edit_registry = _holds(
    Role.UNIT_ADMINISTRATOR, Role.CITY_SUPERVISOR, sentence="import and edit the registries", zh="导入和编辑名录"
)
can_see_registry = _holds(
    Role.UNIT_ADMINISTRATOR,
    Role.PLAN_MANAGER,
    Role.CREDIT_OFFICER,
    Role.REVIEWER,
    *READERS,
    sentence="see the registries",
    zh="查看名录",
)
can_inspect = _holds(Role.INSPECTOR, sentence="inspect", zh="现场检查")
can_review = _holds(Role.REVIEWER, sentence="review submissions", zh="审核检查结果")
can_see_submissions = _holds(
    Role.REVIEWER, Role.PUBLICITY_OFFICER, *READERS, sentence="see submissions", zh="查看检查结果"
)
can_publish = _holds(Role.PUBLICITY_OFFICER, sentence="publish notices", zh="办理公示")
can_see_held_notices = _holds(Role.PUBLICITY_OFFICER, *READERS, sentence="see notices that wait", zh="查看待放行公示")
can_administer_unit = _holds(Role.UNIT_ADMINISTRATOR, sentence="administer a unit", zh="管理单位人员")
can_mend = _holds(Role.UNIT_ADMINISTRATOR, *SUPERVISORS, sentence="try again what failed", zh="重新投递失败事项")
can_compare_officers = _holds(*READERS, sentence="compare officers' strictness", zh="比较检查尺度")
can_see_aside = _holds(
    Role.UNIT_ADMINISTRATOR, *SUPERVISORS, sentence="see what phones sent in vain", zh="查看未入账来件"
)
can_open_quarantine = _holds(*SUPERVISORS, sentence="open what revoked phones handed over", zh="查看停用手机移交的内容")
can_see_scores = _holds(Role.CREDIT_OFFICER, Role.MODEL_MANAGER, *READERS, sentence="see scores", zh="查看评分")
can_see_own_entity = _holds(Role.ENTITY_OWNER, sentence="see one's own entity", zh="查看本单位档案")
can_answer_objections = _holds(Role.CREDIT_OFFICER, sentence="answer objections", zh="答复异议")
can_audit = _holds(Role.AUDITOR, sentence="audit", zh="审计")
can_monitor = _holds(*READERS, Role.PLAN_MANAGER, Role.REVIEWER, sentence="watch progress", zh="查看进度")


APART: tuple[tuple[str, str], ...] = (
    ("draw.operate", "draw.witness"),
    ("visit.officer", "visit.review"),
    ("plan.make", "plan.approve"),
    ("override.propose", "override.approve"),
    ("listing.propose", "listing.decide"),
    ("model.author", "model.release"),
)
"""Pairs of deeds on one thing that need two people (DOMAIN §8, segregation matrix)."""


def kept_apart(first: str, second: str) -> bool:
    """Must these two deeds on the same thing be done by two people?"""
    return (first, second) in APART or (second, first) in APART
