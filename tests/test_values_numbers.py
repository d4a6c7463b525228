"""Numbers, percentages, money, Chinese numerals, quantities in running text."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yardstick import at_most

from checker.values.actual import read_actual
from checker.values.chinese import read_chinese
from checker.values.deadline import read_deadline
from checker.values.done import read_done
from checker.values.lexicon import words
from checker.values.number import Money, read_money, read_number, read_percent
from checker.values.quantity import find_quantities
from checker.values.reason import read_reason
from checker.values.target import is_reference, read_target
from checker.values.text import half_width, plain
from checker.values.units import read_unit, same_measure

NUMBERS = {"1,234,567.89": "1234567.89", "57,157,686.73": "57157686.73", "0.00": "0.00", "１２３．４５": "123.45", "1，234": "1234", " 12 ": "12", "-5": "-5", "−5.0": "-5.0", "+3": "3", "99.18": "99.18", "7,00.0,77": None, "1,23": None,
           "12,34,567": None, "1e5": None, "0x10": None, "": None, "—": None, "5.": None, ".5": None, "12万": None, "1 2": None, "３，１３３": "3133", "٣": None, "²": None, "1_000": None, "nan": None, "Infinity": None}  # fmt: skip


@pytest.mark.parametrize(("text", "value"), NUMBERS.items())
def test_number(text: str, value: str | None) -> None:
    """A cell is a number whole or not at all; its digits are kept."""
    read = read_number(text)
    assert (None if read is None else str(read)) == value


PERCENTS = {"99.18%": "99.18", "99.18": "99.18", "100 %": "100", "100百分比": "100", "０．９‰": "0.09", "百分之九十五": "95", "百分之95.5": "95.5", "-3%": "-3", "5个百分点": "5", "九成": None, "≥95%": None, "%": None, "1,437": "1437"}


@pytest.mark.parametrize(("text", "value"), PERCENTS.items())
def test_percent(text: str, value: str | None) -> None:
    """A percentage in points, with its printed digits."""
    read = read_percent(text)
    assert (None if read is None else str(read)) == value


MONEY = {"2.38 万元": ("2.38", "万元"), "5.8万": ("5.8", "万元"), "620.82万元": ("620.82", "万元"), "57,157,686.73": ("57157686.73", None), "10亿": ("10", "亿元"), "¥3.50": ("3.50", None), "52.800000": ("52.800000", None), "-12元": ("-12", "元"), "万元": None, "约5万元": None, "7,00.0,77": None, "3,724,055.00?": None}  # fmt: skip


@pytest.mark.parametrize(("text", "value"), MONEY.items())
def test_money(text: str, value: tuple[str, str | None] | None) -> None:
    """An amount keeps its digits and the unit its own cell names."""
    assert read_money(text) == (Money(Decimal(value[0]), value[1]) if value else None)


CHINESE = {"零": 0, "一": 1, "十": 10, "十五": 15, "二十": 20, "一百零五": 105, "一百二十三": 123, "两千": 2000, "一万零三": 10003, "三千零五十万": 30500000, "一亿零三万": 100030000, "二〇二三": 2023, "叁拾": 30, "壹佰": 100, "九十九万九千九百九十九": 999999, "十百": None, "百": None, "一一": None, "万": None, "": None, "一零零": 100, "abc": None, "一百二百": None, "零十": None}  # fmt: skip


@pytest.mark.parametrize(("text", "value"), CHINESE.items())
def test_chinese_numeral(text: str, value: int | None) -> None:
    """Positional and digit-by-digit numerals are read; impossible ones are not."""
    assert read_chinese(text) == value


def _in_chinese(number: int) -> str:
    digits = "零一二三四五六七八九"
    if number >= 10**8:
        head, rest = divmod(number, 10**8)
        return _in_chinese(head) + "亿" + ("" if not rest else ("零" if rest < 10**7 else "") + _in_chinese(rest))
    if number >= 10**4:
        head, rest = divmod(number, 10**4)
        return _in_chinese(head) + "万" + ("" if not rest else ("零" if rest < 1000 else "") + _in_chinese(rest))
    for unit, char in ((1000, "千"), (100, "百"), (10, "十")):
        if number >= unit:
            head, rest = divmod(number, unit)
            return digits[head] + char + ("" if not rest else ("零" if rest < unit // 10 else "") + _in_chinese(rest))
    return digits[number]


@given(st.integers(0, 10**12 - 1))
def test_chinese_numerals_come_back(number: int) -> None:
    """Every whole number written in Chinese is read back."""
    assert read_chinese(_in_chinese(number)) == number


_DECIMALS = st.decimals(min_value=-(10**12), max_value=10**12, allow_nan=False, allow_infinity=False, places=6)


@given(_DECIMALS, st.integers(0, 6))
def test_numbers_come_back_from_their_print(value: Decimal, places: int) -> None:
    """A number printed plain, with commas or full-width is read back with the same digits."""
    value = value.quantize(Decimal(1).scaleb(-places))
    printed = format(value, ",f")
    wide = printed.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    for text in (format(value, "f"), printed, wide, f"  {printed} "):
        read = read_number(text)
        assert (read is not None and str(read) == format(value if value else abs(value), "f")) or read == value == 0


def test_traditional_characters_are_read_as_simplified_ones_one_for_one() -> None:
    """Each line of characters.yaml is a pair; nothing is changed twice, and a text keeps its length, so that places stay true."""
    pairs = words("characters", "traditional")
    assert len({pair[0] for pair in pairs}) == len(pairs)
    assert all(len(pair) == 2 and pair[0] != pair[1] for pair in pairs)
    assert not {pair[0] for pair in pairs} & {pair[1] for pair in pairs}
    assert half_width("績效指標：５０萬戶") == "绩效指标:50万户"



@given(st.text(max_size=80))
def test_full_width_equals_half_width(text: str) -> None:
    """Widths of letters, digits and punctuation change no reading."""
    narrow = half_width(text)
    assert read_target(text) == read_target(narrow)
    assert read_number(text) == read_number(narrow)
    assert read_deadline(text, None, 2023) == read_deadline(narrow, None, 2023)


_MIXED = st.text(alphabet=st.sampled_from("0123456789.,，%％‰≥≤<>=（）()、；;。年月日号第季度底前内每周末顺延个工作人次场家万亿元/／-—~至 \n约余达成指标完成率自申请之起百分十三千零〔【】〕2020AaPM<p>&"), max_size=60)


@given(st.one_of(st.text(max_size=120), _MIXED), st.one_of(st.none(), _MIXED))
def test_no_text_makes_a_reader_fail(text: str, other: str | None) -> None:
    """Readers answer any text."""
    target = read_target(text, other, "数量")
    read_actual(other, text, target, text)
    read_actual(text, other, target, other)
    read_reason(text)
    read_deadline(text, other, 2023)
    read_done(text, other, 2023)
    is_reference(text, other)
    read_money(text)
    read_percent(text)
    plain(text)


HOSTILE = ["1," * 50_000, "1" * 100_000, "(" * 100_000, "1-" * 50_000, "1、" * 50_000, "年" * 100_000, "12月" * 33_000, "自" * 100_000, "根据" * 50_000, "≥" * 100_000, "百分之" * 33_000, "每月" * 50_000, "A1" * 50_000, " " * 100_000, "0.0" * 33_000, "一" * 100_000, "&lt;" * 25_000, "提升" * 50_000, "完成" * 50_000, "预计" * 50_000 + "12月"]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:4])
def test_long_text_takes_little_time(text: str) -> None:
    """A hundred thousand hostile characters take little work in all readers together."""
    with at_most(60):
        for reader in (find_quantities, read_target, read_reason, read_actual, read_deadline, read_done, read_number, read_money, lambda t: is_reference(t, t)):
            reader(text)


@pytest.mark.parametrize(("one", "two", "same"), [("场", "场次", True), ("次", "场", True), ("人", "名", True), ("人", "人次", False), ("万元", "元", True), ("‰", "%", True), ("户", "家", False), ("天", "工作日", False), ("公里", "米", True), ("亩", "万亩", True), ("个", "项", False), ("元/人、天", "元/人、天", True), ("元/人", "元", False), ("百分比", "%", True), ("", "", False)])
def test_units_that_measure_the_same(one: str, two: str, same: bool) -> None:
    """Synonyms and multiples compare; persons and visits do not."""
    assert same_measure(read_unit(one), read_unit(two)) is same


QUANTITIES = {
    "全年区残联组织播放观看无障碍电影12场,各镇320场,惠及1.04万余人": "12场 320场 1.04万人余",
    "1、完成3个;2、完成5项": "3个 5项",
    "培训3期,120人次": "3期 120人次",
    "同比下降3%": "3%",
    "约100人": "100人约",
    "第1季度完成2次": "2次",
    "7×24小时": "",
    "办公区8:00-17:30开放": "",
    "1,234,56元": "",
    "5G基站3座": "3座",
    "12345热线办结率95%": "95%",
    "2021-2023年实施3个项目": "3个",
    "-5%": "-5%",
    "10-15人": "10人至15",
}


@pytest.mark.parametrize(("text", "found"), QUANTITIES.items())
def test_quantities_in_running_text(text: str, found: str) -> None:
    """Only numbers that count something are found."""
    assert " ".join(f"{q.value}{q.unit.written}{q.approx or ''}{f'至{q.high}' if q.high is not None else ''}" for q in find_quantities(text)) == found
