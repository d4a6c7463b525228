"""`checker rules new IND`: a rule to fill in, valid as it stands, with the next free number."""

from __future__ import annotations

import re
from collections.abc import Iterable

from checker.errors import UsageError

FAMILY = re.compile(r"[A-Z]{3}")

_SKELETON = """\
# 填好各项，删去 draft_reason，把 status 改为 active。字段名中英文都可以用；可用的字段和函数见 checker rules schema。
# Fill in, remove draft_reason, set status to active. Fields may be named in Chinese or English.
- id: {id}
  version: 1
  status: draft
  draft_reason: {{zh: 尚未写完, en: Not finished}}
  title: {{zh: 得分不应超过分值, en: A score must not exceed its weight}}
  severity: warning            # error 必须更正 · warning 说明或举证 · note 提示
  kind: deterministic          # deterministic · parametric 要有 params · heuristic 只提问，不能是 error
  forms: [department, project, transfer]
  each: indicators             # forms 每张表 · budget_lines 每行资金 · indicator_groups 每个指标组 · indicators 每个指标
  let:                         # 步骤，写进算式说明，可用在提示语里
    超出: 得分 - 分值
  when: 已填(分值) and 已填(得分)   # 什么时候适用
  expect: 得分 <= 分值             # 必须成立的条件
  at: 得分                     # 问题指向的单元格
  reported: 得分
  message:
    zh: 得分 {{得分}} 超过分值 {{分值}}，多 {{超出}} 分。
    en: 'The score {{得分}} exceeds the weight {{分值}} by {{超出}}.'
  advice:
    zh: 更正得分。
    en: Correct the score.
  basis:
    - {{document: 写明文件名和文号, clause: 第几条, relation: 依据, verified: false}}
  effective: {{from: 2015}}
  examples:                    # 界限上、界限两边各一个；不适用和未定各一个
    - {{given: {{分值: 5, 得分: 5}}, outcome: pass}}
    - {{given: {{分值: 5, 得分: 4.99}}, outcome: pass}}
    - {{given: {{分值: 5, 得分: 5.01}}, outcome: fail}}
    - {{given: {{分值: 5}}, outcome: not_applicable}}
    - {{given: {{分值: 5, unread: [得分]}}, outcome: open}}
"""


def skeleton(family: str, used: Iterable[str]) -> str:
    """Return the skeleton of a rule of a family. `used` are all ids ever given, also those of rules since removed.

    Raises UsageError when the family is not three capitals or has no number left.
    """
    if not FAMILY.fullmatch(family):
        raise UsageError(f"规则类别是三个大写字母，例如 IND，不是 {family!r}")
    taken = {int(name[4:]) for name in used if name.startswith(f"{family}-") and name[4:].isdigit()}
    number = max(taken, default=0) + 1
    if number > 999:
        raise UsageError(f"{family} 的编号已用完，换一个类别")
    return _SKELETON.format(id=f"{family}-{number:03d}")
