"""Widths, operator spellings and Han characters of cell texts."""

from __future__ import annotations

import html
import re

from checker.late import late
from checker.remembered import remembered

_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_HALF |= {
    ord(old): ord(new)
    for old, new in {
        "　": " ",
        "\u00a0": " ",
        "≧": "≥",
        "≦": "≤",
        "═": "=",
        "﹪": "%",
        "﹥": ">",
        "﹤": "<",
        "﹦": "=",
        "⩾": "≥",
        "⩽": "≤",
        "〜": "~",
        "～": "~",
        "﹣": "-",
        "−": "-",
    }.items()
}
_TRADITIONAL = (
    "績標預數執總額項務單財實際專對區補資門級況權滿進時經濟態環續響稱計劃決審構體產質類別評價顯說簡結餘轉縣團萬億員戶畝噸個間組隊條棟臺輛場樓處鄉鎮廳會辦醫學館園廠業農漁礦電氣動開關設備購買賣費稅債貸賬帳錢銀幣貨車馬驗檢測監護"
    "衛險災應報發佈達過還連運輸郵訊網絡線統編織綠淨潔滅減漲長約範圍蓋歲齡師課訓練講試讀書圖畫藝術樂劇舊優損壞維養營節壓縮擴張階層樣機獲獎勵勞職責聯繫係問題調確認證據記錄檔號碼頁圓錯誤違規則協議訂簽辭請謝論誌詳該許準從來為無與"
    "並於這們幾當給將後點斷繼復雙邊東陽陰陸島灣橋築牆燈熱涼濕鹽糧種樹葉蟲魚鳥雞豬貓獸傷殘療藥醬飲飯饋願歡慮憂憑懲戰爭爾現瀏覽觀視親貢獻貧貼賞賴贏趨跡踐蹤較輕輪遠適遲選遺鄰釋鐵鋪鋼錦鍵鎖鏈閉閱隨隱雜離難靜順須領頭顧飛騎驅齊龍夠"
    "夾奪婦媽孫寫寬寶導屬嶺幫廣廢徑徵憲懷擊擬擔擇擋攜敗敵暫曆歷樞橫檯櫃欄歸殺毀氫汙沒洩溝滯滲漢濃濾瀝灑煙熒爐狀獨獄瑪瓊畢異癥盡盤碩禮禦積穩窮競筆籌糾紀純納紙紛細終絕綜緊緩縱繳罰羅義習聖聞聲聽脫腳臨興舉艦莊華葷蒐蔣薦藍蘇蘭虧衝"
    "裝製複襲託訪診詢譯讓贊軌軍軟載輔辯遞遷鄭醜鑒鑽閒闊隸雲霧韓頻顆顏風駐鬥黨"
)
_SIMPLIFIED = (
    "绩标预数执总额项务单财实际专对区补资门级况权满进时经济态环续响称计划决审构体产质类别评价显说简结余转县团万亿员户亩吨个间组队条栋台辆场楼处乡镇厅会办医学馆园厂业农渔矿电气动开关设备购买卖费税债贷账帐钱银币货车马验检测监护"
    "卫险灾应报发布达过还连运输邮讯网络线统编织绿净洁灭减涨长约范围盖岁龄师课训练讲试读书图画艺术乐剧旧优损坏维养营节压缩扩张阶层样机获奖励劳职责联系系问题调确认证据记录档号码页圆错误违规则协议订签辞请谢论志详该许准从来为无与"
    "并于这们几当给将后点断继复双边东阳阴陆岛湾桥筑墙灯热凉湿盐粮种树叶虫鱼鸟鸡猪猫兽伤残疗药酱饮饭馈愿欢虑忧凭惩战争尔现浏览观视亲贡献贫贴赏赖赢趋迹践踪较轻轮远适迟选遗邻释铁铺钢锦键锁链闭阅随隐杂离难静顺须领头顾飞骑驱齐龙够"
    "夹夺妇妈孙写宽宝导属岭帮广废径征宪怀击拟担择挡携败敌暂历历枢横台柜栏归杀毁氢污没泄沟滞渗汉浓滤沥洒烟荧炉状独狱玛琼毕异症尽盘硕礼御积稳穷竞笔筹纠纪纯纳纸纷细终绝综紧缓纵缴罚罗义习圣闻声听脱脚临兴举舰庄华荤搜蒋荐蓝苏兰亏冲"
    "装制复袭托访诊询译让赞轨军软载辅辩递迁郑丑鉴钻闲阔隶云雾韩频颗颜风驻斗党"
)
SIMPLE = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
"""Characters in the script of old prints, of Hong Kong, Macao and Taiwan, one for one; what forms say stays as filed."""
_HALF |= SIMPLE
_DROPPED: dict[int, int | None] = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff\u2060"))
_READ: dict[int, int | None] = {**_HALF, **_DROPPED}
_PINYIN = late(r"\([a-zēéěèāáǎàīíǐìōóǒòūúǔùüǖǘǚǜ]{1,6}\)")
_SPACES = late(r"\s+")
_CONTENT = late(r"[0-9A-Za-z\u3400-\u9fff\U00020000-\U0003ffff]")
_HAN = late(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_CLAUSE = late(r"[,;。!?\n]+")


@remembered
def half_width(text: str) -> str:
    """Return the text with full-width letters, digits and punctuation as half-width and Han characters simplified, one for one."""
    return text.translate(_HALF)


@remembered
def plain(text: str) -> str:
    """Return the text as the value readers see it: half-width, entities resolved, `>=` as ≥, `<=` as ≤, trimmed."""
    if "&" in text:
        text = html.unescape(text)
    if not text.isascii():
        text = text.translate(_READ)
    if "(" in text:
        text = _PINYIN.sub("", text)
    if ">" in text or "<" in text:
        text = re.sub(r">\s?=|=\s?>", "≥", text)
        text = re.sub(r"<\s?=|=\s?<", "≤", text)
    return text.strip()


@remembered
def squeezed(text: str) -> str:
    """Return `plain` text without any white space."""
    return _SPACES.sub("", plain(text))


def is_blank(text: str | None) -> bool:
    """Tell whether the text holds no letter, digit or Han character."""
    return text is None or _says_nothing(text)


@remembered
def _says_nothing(text: str) -> bool:
    return _CONTENT.search(text) is None and _CONTENT.search(half_width(text)) is None


def content_length(text: str) -> int:
    """Count the Han characters and letters of a text."""
    return len(_HAN.findall(text)) + len(re.findall(r"[A-Za-z]", text))


@remembered
def letters(text: str) -> str:
    """Return only letters, digits and Han characters, half-width, for comparing names."""
    return "".join(_CONTENT.findall(half_width(text)))


def clauses(text: str) -> list[str]:
    """Return the clauses of a text, split at commas, semicolons and full stops, empty ones left out."""
    return [part for raw in _CLAUSE.split(half_width(text).replace("；", ";")) if (part := raw.strip())]


def depths(text: str) -> list[int]:
    """Return for each character how many round brackets stand open before it."""
    result: list[int] = []
    depth = 0
    for char in text:
        if char == ")" and depth:
            depth -= 1
        result.append(depth)
        if char == "(":
            depth += 1
    return result
